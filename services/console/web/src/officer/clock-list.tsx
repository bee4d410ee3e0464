import type { TicketView } from "@hotgrid/contracts";
import { useText } from "../language/language-context.tsx";
import { dutyClock } from "../tickets/ticket-clock.ts";
import { useNow } from "../time/clock-context.tsx";
import { countdown } from "../time/spans.ts";
import { useOfficer } from "./officer-context.ts";
import { officerPhrases } from "./phrases.ts";

/** The clocks that run behind the large one: what is due after the next step. */
export function ClockList({ ticket }: { ticket: TicketView }) {
  const text = useText(officerPhrases);
  const { time } = useOfficer();
  const now = useNow(1000);
  const first = dutyClock(ticket);
  const others = ticket.obligations.filter((clock) => clock.state === "running" && clock !== first);
  if (first === null || others.length === 0) return null;
  return (
    <ul className="clock-list" data-testid="clock-list">
      {others.map(({ kind, dueAt }) => (
        <li key={kind}>
          <span>
            {text(`obligation.${kind}`)} {time.brief(Date.parse(dueAt), now)}
          </span>
          <span>{countdown(Date.parse(dueAt), now, text).label}</span>
        </li>
      ))}
    </ul>
  );
}
