import type { TicketView } from "@hotgrid/contracts";

export type ObligationView = TicketView["obligations"][number];
type Clocked = Pick<TicketView, "state" | "obligations">;
type Kind = ObligationView["kind"];

/** The holder's own duties; the other clocks are the sensor's and the supervisor's. */
const DUTIES: Readonly<Partial<Record<TicketView["state"], Kind>>> = {
  dispatched: "respond",
  responded: "handle",
  handling: "feedback",
};
const WAITS: Readonly<Partial<Record<TicketView["state"], readonly Kind[]>>> = {
  feedback: ["recovery", "hold"],
  verification: ["hold", "verify"],
  suspended: ["resume"],
};

/** The clock that runs (or has run out) against the holder now; null where it is not the holder's turn. */
export function dutyClock(ticket: Clocked): ObligationView | null {
  const kind = DUTIES[ticket.state];
  return latest(ticket, (o) => o.kind === kind && (o.state === "running" || o.state === "breached"));
}

/** The clock of what the ticket waits for, where it has one. */
export function waitClock(ticket: Clocked): ObligationView | null {
  const kinds = WAITS[ticket.state] ?? [];
  return latest(ticket, (o) => kinds.includes(o.kind) && o.state === "running");
}

export function isOverdue(ticket: Clocked, nowMs: number): boolean {
  const clock = dutyClock(ticket);
  return clock !== null && (clock.state === "breached" || Date.parse(clock.dueAt) <= nowMs);
}

/** An escalation starts the same duty anew: the last of its kind counts. */
function latest(ticket: Clocked, wanted: (obligation: ObligationView) => boolean): ObligationView | null {
  const found = ticket.obligations.filter(wanted);
  return found[found.length - 1] ?? null;
}
