import type { EpisodeView, TicketHistoryEntry, TicketView } from "@hotgrid/contracts";
import { describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { TicketPhotos } from "../tickets/ticket-photos.tsx";
import { useTicketAction } from "../tickets/use-ticket-action.ts";
import { useTicketDetail } from "../tickets/use-ticket-detail.ts";
import { useNow } from "../time/clock-context.tsx";
import { relativeTime } from "../time/spans.ts";
import { ClockList } from "./clock-list.tsx";
import { ConnectionLine } from "./connection-line.tsx";
import { DutyCountdown } from "./duty-countdown.tsx";
import { HelpLines } from "./help-lines.tsx";
import { Message } from "./message.tsx";
import { MoreActions } from "./more-actions.tsx";
import { NextStepPanel } from "./next-step-panel.tsx";
import { useOfficer } from "./officer-context.ts";
import { officerPhrases } from "./phrases.ts";
import { PlaceCard } from "./place-card.tsx";
import { StateLabel } from "./state-label.tsx";
import { TicketHistory } from "./ticket-history.tsx";
import type { MyTicketsControl } from "./use-my-tickets.ts";

export interface TicketPageProps {
  readonly ticketId: string;
  readonly mine: MyTicketsControl;
  readonly back: () => void;
}

export function TicketPage({ ticketId, mine, back }: TicketPageProps) {
  const text = useText(officerPhrases);
  const { language } = useLanguage();
  const { detail, error, reload, take } = useTicketDetail(ticketId, mine.changes);
  return (
    <>
      <header className="bar">
        <button type="button" className="text-button back" onClick={back}>
          ‹ {text("officer.title")}
        </button>
      </header>
      <ConnectionLine state={mine.connection} />
      {detail === null && error === null ? <Message busy title={text("loading")} /> : null}
      {error === null ? null : (
        <Message title={describeError(error, language)} action={{ label: text("retry"), run: reload }} />
      )}
      {detail === null ? null : (
        <TicketBody
          ticket={detail.ticket}
          episode={detail.episode}
          history={detail.history}
          onDone={(ticket) => {
            mine.take(ticket);
            take(ticket);
          }}
        />
      )}
    </>
  );
}

interface TicketBodyProps {
  readonly ticket: TicketView;
  readonly episode: EpisodeView | null;
  readonly history: readonly (Omit<TicketHistoryEntry, "at"> & { readonly at: string })[];
  readonly onDone: (ticket: TicketView) => void;
}

function TicketBody({ ticket, episode, history, onDone }: TicketBodyProps) {
  const text = useText(officerPhrases);
  const { language } = useLanguage();
  const action = useTicketAction(ticket, onDone);
  return (
    <>
      <main className={`ticket severity-${ticket.state === "closed" ? "none" : ticket.severity}`} data-testid="ticket">
        <StateLabel ticket={ticket} />
        <h1>{ticket.title[language]}</h1>
        <DutyCountdown ticket={ticket} />
        <ClockList ticket={ticket} />
        <section>
          <h2>{text("ticket.why")}</h2>
          <p className="explanation">{ticket.explanation[language]}</p>
        </section>
        <PlaceCard ticket={ticket} episode={episode} />
        <Facts ticket={ticket} />
        <TicketPhotos ticket={ticket} />
        <HelpLines ticket={ticket} />
        <TicketHistory history={history} />
      </main>
      <footer className="step-bar">
        <NextStepPanel ticket={ticket} action={action} />
        <MoreActions ticket={ticket} action={action} />
      </footer>
    </>
  );
}

function Facts({ ticket }: { ticket: TicketView }) {
  const text = useText(officerPhrases);
  const { officerId, time } = useOfficer();
  const now = useNow(1000);
  const openedAt = Date.parse(ticket.openedAt);
  const held = ticket.officerId === officerId;
  return (
    <section>
      <dl className="facts">
        <dt>{text("ticket.number")}</dt>
        <dd>{ticket.id}</dd>
        <dt>{text("ticket.since")}</dt>
        <dd>
          {time.brief(openedAt, now)} · {relativeTime(openedAt, now, text)}
        </dd>
        <dt>{text("ticket.holder")}</dt>
        <dd>
          {ticket.officerName}
          {held || ticket.officerPhone === "" ? null : (
            <a className="inline-link" href={`tel:${ticket.officerPhone}`}>
              {text("ticket.call", { phone: ticket.officerPhone })}
            </a>
          )}
        </dd>
      </dl>
    </section>
  );
}
