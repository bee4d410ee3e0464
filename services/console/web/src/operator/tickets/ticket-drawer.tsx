import type { TicketDetail, TicketView } from "@hotgrid/contracts";
import { Button, Spin, Tag } from "antd";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { TicketPhotos } from "../../tickets/ticket-photos.tsx";
import { useTicketDetail } from "../../tickets/use-ticket-detail.ts";
import { useConsole } from "../console-context.ts";
import { EvidenceView } from "../episodes/evidence-view.tsx";
import { operatorPhrases } from "../phrases.ts";
import { Failure } from "../shell/failure.tsx";
import { maySeePage } from "../shell/page-access.ts";
import { SideDrawer } from "../shell/side-drawer.tsx";
import { TicketActions } from "./ticket-actions.tsx";
import { TicketFacts } from "./ticket-facts.tsx";
import { TicketNotifications } from "./ticket-notifications.tsx";
import { TicketTimeline } from "./ticket-timeline.tsx";

export function TicketDrawer({ ticketId }: { ticketId: string }) {
  const text = useText(operatorPhrases);
  const { navigation, changes } = useConsole();
  const { detail, error, reload, take } = useTicketDetail(ticketId, changes);
  return (
    <SideDrawer
      width={560}
      title={text("ticket.title", { id: ticketId })}
      close={() => navigation.open("ticket", null)}
    >
      {detail === null && error === null ? <Spin description={text("loading")} /> : null}
      {error === null ? null : <Failure error={error} retry={reload} />}
      {detail === null ? null : <TicketBody detail={detail} onDone={take} />}
    </SideDrawer>
  );
}

function TicketBody({ detail, onDone }: { detail: TicketDetail; onDone: (ticket: TicketView) => void }) {
  const { language } = useLanguage();
  const { session } = useConsole();
  const { ticket, episode, history } = detail;
  return (
    <article data-testid="ticket">
      <TicketTags ticket={ticket} />
      <h2>{ticket.title[language]}</h2>
      <p className="explanation">{ticket.explanation[language]}</p>
      <TicketLinks ticket={ticket} />
      <TicketActions ticket={ticket} onDone={onDone} />
      <TicketFacts ticket={ticket} />
      <TicketPhotos ticket={ticket} />
      <TicketTimeline history={history} />
      {maySeePage("notifications", session.account.role) ? (
        <TicketNotifications key={ticket.id} ticketId={ticket.id} revision={ticket.revision} />
      ) : null}
      {episode?.evidence ? <EvidenceView evidence={episode.evidence} /> : null}
    </article>
  );
}

function TicketTags({ ticket }: { ticket: TicketView }) {
  const text = useText(operatorPhrases);
  return (
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
  );
}

function TicketLinks({ ticket }: { ticket: TicketView }) {
  const text = useText(operatorPhrases);
  const { navigation, session, showPlace } = useConsole();
  return (
    <div className="ticket-links">
      <Button size="small" onClick={() => showPlace(ticket)}>
        {text("ticket.showOnMap")}
      </Button>
      <Button size="small" onClick={() => navigation.open("episode", ticket.episodeId)}>
        {text("ticket.episode")}
      </Button>
      {maySeePage("duty", session.account.role) ? (
        <Button size="small" data-testid="ticket-duty" onClick={() => navigation.goTo("duty", ticket.division)}>
          {text("ticket.duty")}
        </Button>
      ) : null}
      {maySeePage("audit", session.account.role) ? (
        <Button size="small" data-testid="ticket-audit" onClick={() => navigation.goTo("audit", ticket.id)}>
          {text("ticket.audit")}
        </Button>
      ) : null}
    </div>
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
