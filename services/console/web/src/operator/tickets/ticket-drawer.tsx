import type { TicketDetail, TicketView } from "@hotgrid/contracts";
import { Button, Drawer, Result, Spin, Tag } from "antd";
import { ApiError, describeError } from "../../api/api-error.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { TicketPhotos } from "../../tickets/ticket-photos.tsx";
import { useTicketDetail } from "../../tickets/use-ticket-detail.ts";
import { useConsole } from "../console-context.ts";
import { EvidenceView } from "../episodes/evidence-view.tsx";
import { operatorPhrases } from "../phrases.ts";
import { TicketActions } from "./ticket-actions.tsx";
import { TicketFacts } from "./ticket-facts.tsx";
import { TicketTimeline } from "./ticket-timeline.tsx";

export function TicketDrawer({ ticketId }: { ticketId: string }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { navigation, lastChange } = useConsole();
  const { detail, error, reload, take } = useTicketDetail(ticketId, lastChange);
  const gone = error instanceof ApiError && error.kind === "gone";
  return (
    <Drawer
      open
      title={text("ticket.title", { id: ticketId })}
      size={560}
      mask={false}
      onClose={() => navigation.open("ticket", null)}
    >
      {detail === null && error === null ? <Spin description={text("loading")} /> : null}
      {error === null ? null : (
        <Result
          status={gone ? "404" : "warning"}
          title={describeError(error, language)}
          extra={gone ? null : <Button onClick={reload}>{text("retry")}</Button>}
        />
      )}
      {detail === null ? null : <TicketBody detail={detail} onDone={take} />}
    </Drawer>
  );
}

function TicketBody({ detail, onDone }: { detail: TicketDetail; onDone: (ticket: TicketView) => void }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { navigation, showPlace } = useConsole();
  const { ticket, episode, history } = detail;
  return (
    <article data-testid="ticket">
      <div className="ticket-tags">
        <Tag color={STATE_COLOURS[ticket.state]} data-testid="ticket-state" data-state={ticket.state}>
          {text(`state.${ticket.state}`)}
        </Tag>
        <Tag>{text(`kind.${ticket.kind}`)}</Tag>
        <Tag color={ticket.severity === "yellow" ? "gold" : ticket.severity}>{text(`severity.${ticket.severity}`)}</Tag>
        {ticket.supervised ? <Tag color="red">{text("ticket.supervised")}</Tag> : null}
        {ticket.escalationLevel > 0 ? (
          <Tag color="orange">{text("ticket.escalated", { n: ticket.escalationLevel })}</Tag>
        ) : null}
      </div>
      <h2>{ticket.title[language]}</h2>
      <p className="explanation">{ticket.explanation[language]}</p>
      <div className="ticket-links">
        <Button size="small" onClick={() => showPlace(ticket)}>
          {text("ticket.showOnMap")}
        </Button>
        <Button size="small" onClick={() => navigation.open("episode", ticket.episodeId)}>
          {text("ticket.episode")}
        </Button>
      </div>
      <TicketActions ticket={ticket} onDone={onDone} />
      <TicketFacts ticket={ticket} />
      <TicketPhotos ticket={ticket} />
      <TicketTimeline history={history} />
      {episode?.evidence ? <EvidenceView evidence={episode.evidence} /> : null}
    </article>
  );
}

const STATE_COLOURS: Readonly<Record<TicketView["state"], string>> = {
  dispatched: "red",
  responded: "orange",
  handling: "gold",
  feedback: "blue",
  verification: "purple",
  suspended: "default",
  closed: "green",
};
