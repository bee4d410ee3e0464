import type { TicketView } from "@hotgrid/contracts";
import { dutyClock } from "./ticket-clock.ts";

export type Ranked = Pick<TicketView, "id" | "state" | "obligations" | "severity" | "updatedAt">;

const SEVERITY: Readonly<Record<TicketView["severity"], number>> = { red: 0, orange: 1, yellow: 2 };

/** Open before closed; among the open the clock that runs out first, then what only waits, red before yellow; among
 *  the closed the latest first. A total order: the id decides last. */
export function byUrgency(a: Ranked, b: Ranked): number {
  return (
    Number(a.state === "closed") - Number(b.state === "closed") ||
    (a.state === "closed" ? 0 : compare(dueAt(a), dueAt(b)) || SEVERITY[a.severity] - SEVERITY[b.severity]) ||
    compare(Date.parse(b.updatedAt), Date.parse(a.updatedAt)) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

const dueAt = (ticket: Ranked): number => {
  const clock = dutyClock(ticket);
  return clock === null ? Number.POSITIVE_INFINITY : Date.parse(clock.dueAt);
};

/** Not a difference: two infinities differ by NaN. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
