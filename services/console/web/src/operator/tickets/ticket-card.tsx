import type { TicketView } from "@hotgrid/contracts";
import { Tag } from "antd";
import { memo } from "react";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { dutyClock, isOverdue } from "../../tickets/ticket-clock.ts";
import { countdown } from "../../time/spans.ts";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";

export const TicketCard = memo(function TicketCard({ ticket, now }: { ticket: TicketView; now: number }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { navigation, time } = useConsole();
  const overdue = isOverdue(ticket, now);
  return (
    <li>
      <button
        type="button"
        className={`ticket-card severity-${ticket.state === "closed" ? "none" : ticket.severity} ${overdue ? "overdue" : ""}`}
        data-testid="ticket-card"
        data-ticket-id={ticket.id}
        onClick={() => navigation.open("ticket", ticket.id)}
      >
        <strong>{ticket.title[language]}</strong>
        <span className="hint">
          {ticket.divisionNames.slice(1).join(" ")} · {ticket.officerName}
        </span>
        <span className="ticket-card-foot">
          <time dateTime={ticket.openedAt}>{time.short(Date.parse(ticket.openedAt))}</time>
          {ticket.supervised ? <Tag color="red">{text("ticket.supervised")}</Tag> : null}
          {ticket.escalationLevel > 0 ? (
            <Tag color="orange">{text("ticket.escalated", { n: ticket.escalationLevel })}</Tag>
          ) : null}
          <DutySpan ticket={ticket} now={now} />
        </span>
      </button>
    </li>
  );
});

function DutySpan({ ticket, now }: { ticket: TicketView; now: number }) {
  const text = useText(operatorPhrases);
  const clock = dutyClock(ticket);
  if (clock === null) return null;
  const { overdue, soon, label } = countdown(Date.parse(clock.dueAt), now, text);
  return (
    <span
      className={`duty ${overdue ? "duty-overdue" : soon ? "duty-soon" : ""}`}
      role="timer"
      title={text(`obligation.${clock.kind}`)}
    >
      {label}
    </span>
  );
}
