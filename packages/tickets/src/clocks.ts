import type { Obligation, ObligationKind, Ticket, TicketState } from "@hotgrid/contracts";
import type { TicketPolicy } from "./ticket-policy.ts";
import { RUNNING, type Transition } from "./transitions.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What a clock of a ticket needs to know of it. */
type Clocked = Pick<Ticket, "kind" | "severity" | "recoveredAt">;

/** When a clock that starts now runs out, epoch ms. */
export function dueAt(kind: ObligationKind, ticket: Clocked, policy: TicketPolicy, now: number): number {
  const handling = policy.kinds[ticket.kind];
  const limits = ((handling.opens === "ticket" && handling.limits) || policy.limits)[ticket.severity];
  const { verification, recovery } = policy;
  switch (kind) {
    case "respond":
      return now + Math.round(limits.respondMinutes * MINUTE_MS);
    case "handle":
      return now + Math.round(limits.handleHours * HOUR_MS);
    case "feedback":
      return now + Math.round(limits.feedbackHours * HOUR_MS);
    case "recovery":
      return now + Math.round(recovery.withinHours * HOUR_MS);
    case "hold":
      return Math.max(now, (ticket.recoveredAt ?? now) + Math.round(recovery.holdMinutes * MINUTE_MS));
    case "verify":
      if (verification.by === "sensor") return now + Math.round(verification.closeAfterMinutes * MINUTE_MS);
      return now + Math.round(verification.withinHours * HOUR_MS);
    case "resume":
      return now + policy.suspensionMaxDays * DAY_MS;
  }
}

export const repeatAt = (policy: TicketPolicy, now: number): number => now + Math.round(policy.repeatHours * HOUR_MS);

/** Clocks that have to run in a state. */
function wanted(state: TicketState, ticket: Clocked): readonly ObligationKind[] {
  if (state === "feedback") return [ticket.recoveredAt === null ? "recovery" : "hold"];
  return RUNNING[state];
}

export interface ClockChange {
  readonly transition: Transition;
  readonly to: TicketState;
  readonly now: number;
  /** When a clock that this step starts runs out. */
  readonly start: (kind: ObligationKind) => number;
}

/** The clocks after a step: kept and broken ones are settled, those that the new state doesn't run are cancelled (or
 *  paused by a suspension), those that it runs and that stand still are started. Positions never change, so that a row
 *  of the database stays the same obligation. */
export function advanceClocks(ticket: Ticket, change: ClockChange): Obligation[] {
  const { transition, to, now } = change;
  const next = wanted(to, ticket);
  const settled = ticket.obligations.map((clock): Obligation => {
    if (clock.state === "paused") return unpaused(clock, to, next, now);
    if (clock.state !== "running") return clock;
    if (transition.meets?.includes(clock.kind)) return { ...clock, state: "met", settledAt: now };
    if (transition.breaches?.includes(clock.kind)) return { ...clock, state: "breached", settledAt: now };
    if (next.includes(clock.kind) && !transition.restarts?.includes(clock.kind)) return clock;
    return { ...clock, state: to === "suspended" ? "paused" : "cancelled", settledAt: now };
  });
  const still = next.filter((kind) => !settled.some((clock) => clock.state === "running" && clock.kind === kind));
  const started = still.map(
    (kind): Obligation => ({ kind, dueAt: change.start(kind), state: "running", settledAt: null }),
  );
  return [...settled, ...started];
}

/** A suspension doesn't eat the officer's time: what was left when it began is left when it ends. */
function unpaused(clock: Obligation, to: TicketState, next: readonly ObligationKind[], now: number): Obligation {
  if (to === "suspended") return clock;
  if (!next.includes(clock.kind)) return { ...clock, state: "cancelled", settledAt: now };
  const left = clock.dueAt - (clock.settledAt ?? now);
  return { ...clock, dueAt: now + left, state: "running", settledAt: null };
}

/** Where a suspended ticket goes on: each state is known by the first of its clocks. */
export function stateBeforeSuspension(ticket: Ticket): TicketState {
  const paused = (kind: ObligationKind) => ticket.obligations.some((c) => c.state === "paused" && c.kind === kind);
  if (paused("respond")) return "dispatched";
  if (paused("handle")) return "responded";
  if (paused("feedback")) return "handling";
  return "feedback";
}

/** A higher severity shortens the clocks of the officer, counted from now: never lengthens, never breaks at once. */
export const tightened = (ticket: Ticket, policy: TicketPolicy, now: number): Obligation[] =>
  ticket.obligations.map((clock) => {
    const ofOfficer = clock.kind === "respond" || clock.kind === "handle" || clock.kind === "feedback";
    if (clock.state !== "running" || !ofOfficer) return clock;
    return { ...clock, dueAt: Math.min(clock.dueAt, dueAt(clock.kind, ticket, policy, now)) };
  });

/** A clock of the step that the ticket waits for has run out, now or before it was started again. */
export function isOverdue(ticket: Ticket): boolean {
  return ticket.obligations.some(
    (clock, position) =>
      clock.state === "running" &&
      ticket.obligations.slice(0, position).findLast((c) => c.kind === clock.kind)?.state === "breached",
  );
}
