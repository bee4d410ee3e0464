import type { TicketView } from "@hotgrid/contracts";
import { useText } from "../language/language-context.tsx";
import { officerPhrases } from "./phrases.ts";

export function StateLabel({ ticket }: { ticket: TicketView }) {
  const text = useText(officerPhrases);
  return (
    <span className="labels">
      <span className={`state state-${ticket.state}`} data-testid="ticket-state" data-state={ticket.state}>
        {text(`state.${ticket.state}`)}
      </span>
      {ticket.state === "closed" ? null : (
        <span className={`state severity-label severity-${ticket.severity}`}>
          {text(`severity.${ticket.severity}`)}
        </span>
      )}
      {ticket.supervised ? <span className="state state-supervised">{text("ticket.supervised")}</span> : null}
      {ticket.escalationLevel > 0 ? (
        <span className="state state-escalated">{text("ticket.escalated", { n: ticket.escalationLevel })}</span>
      ) : null}
    </span>
  );
}
