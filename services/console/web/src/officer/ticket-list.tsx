import type { TicketView } from "@hotgrid/contracts";
import { describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { turnOff } from "../push/device-push.ts";
import { PushBar } from "../push/push-bar.tsx";
import { ConnectionLine } from "./connection-line.tsx";
import { DutyCountdown } from "./duty-countdown.tsx";
import { LanguageButton } from "./language-button.tsx";
import { Message } from "./message.tsx";
import { useOfficer } from "./officer-context.ts";
import { officerPhrases } from "./phrases.ts";
import { SecurityButton } from "./security-button.tsx";
import { StateLabel } from "./state-label.tsx";
import type { MyTicketsControl } from "./use-my-tickets.ts";

export interface TicketListProps {
  readonly mine: MyTicketsControl;
  readonly open: (ticketId: string) => void;
}

export function TicketList({ mine, open }: TicketListProps) {
  const text = useText(officerPhrases);
  const { session, logout } = useOfficer();
  const { tickets } = mine.state;
  const openTickets = tickets.filter((ticket) => ticket.state !== "closed");
  const closedTickets = tickets.filter((ticket) => ticket.state === "closed");
  return (
    <>
      <header className="bar">
        <div className="bar-title">
          <h1>{text("officer.title")}</h1>
          <p>
            {session.account.name} · {session.divisionName}
          </p>
        </div>
        <LanguageButton />
        <SecurityButton />
        <button
          type="button"
          className="text-button"
          data-testid="logout"
          onClick={() => void leave(logout).catch(mine.reload)}
        >
          {text("logout")}
        </button>
      </header>
      <ConnectionLine state={mine.connection} />
      <PushBar />
      <main className="list">
        <ListState mine={mine} openCount={openTickets.length} />
        <ul aria-label={text("officer.open", { n: openTickets.length })}>
          {openTickets.map((ticket) => (
            <TicketCard key={ticket.id} ticket={ticket} open={open} />
          ))}
        </ul>
        {closedTickets.length === 0 ? null : (
          <>
            <h2>{text("officer.closed")}</h2>
            <ul>
              {closedTickets.map((ticket) => (
                <TicketCard key={ticket.id} ticket={ticket} open={open} />
              ))}
            </ul>
          </>
        )}
      </main>
    </>
  );
}

/** Who leaves is told nothing on this device any more; where that does not work, leaving does all the same. */
async function leave(logout: () => Promise<void>): Promise<void> {
  await turnOff().catch(() => undefined);
  await logout();
}

function ListState({ mine, openCount }: { mine: MyTicketsControl; openCount: number }) {
  const text = useText(officerPhrases);
  const { language } = useLanguage();
  if (mine.error !== null)
    return <Message title={describeError(mine.error, language)} action={{ label: text("retry"), run: mine.reload }} />;
  if (mine.loading) return <Message busy title={text("loading")} />;
  if (openCount === 0)
    return (
      <section className="message" role="status">
        <p className="message-title">{text("officer.empty")}</p>
        <p className="message-hint">{text("officer.emptyHint")}</p>
      </section>
    );
  return <h2>{text("officer.open", { n: openCount })}</h2>;
}

function TicketCard({ ticket, open }: { ticket: TicketView; open: (ticketId: string) => void }) {
  const { language } = useLanguage();
  const { time } = useOfficer();
  const places = ticket.divisionNames.slice(-2).join(" ");
  return (
    <li>
      <button
        type="button"
        className={`card severity-${ticket.state === "closed" ? "none" : ticket.severity}`}
        data-testid="ticket-card"
        data-ticket-id={ticket.id}
        onClick={() => open(ticket.id)}
      >
        <span className="card-line">
          <StateLabel ticket={ticket} />
          <span className="card-time">{time.short(Date.parse(ticket.openedAt))}</span>
        </span>
        <strong className="card-title">{ticket.title[language]}</strong>
        <span className="card-place">{places}</span>
        <DutyCountdown ticket={ticket} />
      </button>
    </li>
  );
}
