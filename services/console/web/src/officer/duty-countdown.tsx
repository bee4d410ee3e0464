import type { TicketView } from "@hotgrid/contracts";
import { useText } from "../language/language-context.tsx";
import { dutyClock, waitClock } from "../tickets/ticket-clock.ts";
import { useNow } from "../time/clock-context.tsx";
import { countdown } from "../time/spans.ts";
import { officerPhrases } from "./phrases.ts";

/** The clock that runs against the officer, large; nothing where nothing is due. */
export function DutyCountdown({ ticket }: { ticket: TicketView }) {
  const text = useText(officerPhrases);
  const now = useNow();
  const duty = dutyClock(ticket);
  const clock = duty ?? waitClock(ticket);
  if (clock === null) return null;
  const { overdue, soon, label } = countdown(Date.parse(clock.dueAt), now, text);
  if (duty === null && overdue) return null;
  const urgency = duty === null ? "waiting" : overdue ? "overdue" : soon ? "soon" : "running";
  return (
    <span className={`countdown countdown-${urgency}`} role="timer" data-testid="countdown">
      <span className="countdown-kind">{text(`obligation.${clock.kind}`)}</span>
      <span className="countdown-span">{label}</span>
    </span>
  );
}
