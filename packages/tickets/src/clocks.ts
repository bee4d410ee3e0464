import type { Obligation, ObligationKind, Ticket, TicketState } from "@hotgrid/contracts";
import { quietUntil } from "./quiet-hours.ts";
import type { TicketPolicy } from "./ticket-policy.ts";
import { RUNNING, type Transition } from "./transitions.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const OF_OFFICER: readonly ObligationKind[] = ["respond", "handle", "feedback"];

/** What a clock of a ticket needs to know of it. */
type Clocked = Pick<Ticket, "kind" | "severity" | "recoveredAt" | "recovery" | "inspection">;

/** When a clock that starts now runs out, epoch ms. */
export function dueAt(kind: ObligationKind, ticket: Clocked, policy: TicketPolicy, now: number): number {
  const handling = policy.kinds[ticket.kind];
  const limits = ((handling.opens === "ticket" && handling.limits) || policy.limits)[ticket.severity];
  const { recovery } = policy;
  const from = beginOf(kind, ticket, policy, now);
  switch (kind) {
    case "respond":
      return from + Math.round(limits.respondMinutes * MINUTE_MS);
    case "handle":
      return from + Math.round(limits.handleHours * HOUR_MS);
    case "feedback":
      return from + Math.round(limits.feedbackHours * HOUR_MS);
    case "recovery":
      return now + Math.round(recovery.withinHours * HOUR_MS);
    case "hold":
      return Math.max(now, (ticket.recoveredAt ?? now) + Math.round(recovery.holdMinutes * MINUTE_MS));
    case "verify":
      return now + verifyMs(ticket, policy);
    case "inspect":
      return now + policy.inspection.withinDays * DAY_MS;
    case "resume":
      return now + policy.suspensionMaxDays * DAY_MS;
  }
}

/** From when a clock counts that is started now: an officer's not within the quiet hours, in which nobody tells him of
 *  it. */
export const beginOf = (kind: ObligationKind, { severity }: Clocked, policy: TicketPolicy, now: number): number =>
  (OF_OFFICER.includes(kind) && quietUntil(policy.quietHours, severity, now, policy.offsetMinutes)) || now;

/** Whether the sensors alone may close it: not where one of them seems to have been interfered with. */
export const closedBySensor = ({ recovery }: Pick<Ticket, "recovery">, policy: TicketPolicy): boolean =>
  policy.verification.by === "sensor" && recovery !== "interference-suspected";

function verifyMs(ticket: Clocked, { verification, interference }: TicketPolicy): number {
  if (verification.by === "supervisor") return Math.round(verification.withinHours * HOUR_MS);
  if (ticket.recovery === "interference-suspected") return Math.round(interference.verifyWithinHours * HOUR_MS);
  return Math.round(verification.closeAfterMinutes * MINUTE_MS);
}

/** A clock that starts now.
 *  @param due where it is not what the ticket has by itself */
export function startClock(
  kind: ObligationKind,
  ticket: Clocked,
  policy: TicketPolicy,
  now: number,
  due = dueAt(kind, ticket, policy, now),
): Obligation {
  const from = beginOf(kind, ticket, policy, now);
  return { kind, dueAt: due, state: "running", settledAt: null, ...remindersUntil(kind, due, policy, from) };
}

/** Reminded are people who have to do something; not of what the sensors have to see. */
function remindersUntil(
  kind: ObligationKind,
  due: number,
  policy: TicketPolicy,
  from: number,
): Pick<Obligation, "reminders"> {
  const people = OF_OFFICER.includes(kind) || (kind === "verify" && policy.verification.by === "supervisor");
  if (!people || policy.remindAtShares.length === 0 || from >= due) return {};
  return { reminders: policy.remindAtShares.map((share) => from + Math.round((due - from) * share)) };
}

/** Without the reminders that were due until now. */
export function reminded({ reminders, ...clock }: Obligation, now: number): Obligation {
  const left = reminders?.filter((at) => at > now) ?? [];
  return left.length === 0 ? clock : { ...clock, reminders: left };
}

export const repeatAt = (policy: TicketPolicy, now: number): number => now + Math.round(policy.repeatHours * HOUR_MS);

/** Clocks that have to run in a state. */
function wanted(state: TicketState, ticket: Clocked): readonly ObligationKind[] {
  if (state === "feedback") return [ticket.recoveredAt === null ? "recovery" : "hold"];
  if (state === "closed" && ticket.inspection?.state !== "pending") return [];
  return RUNNING[state];
}

export interface ClockChange {
  readonly transition: Transition;
  readonly to: TicketState;
  readonly now: number;
  /** A clock that this step starts. */
  readonly start: (kind: ObligationKind) => Obligation;
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
    if (transition.meets?.includes(clock.kind)) return settle(clock, "met", now);
    if (transition.breaches?.includes(clock.kind)) return settle(clock, "breached", now);
    if (next.includes(clock.kind) && !transition.restarts?.includes(clock.kind)) return clock;
    return to === "suspended" ? { ...clock, state: "paused", settledAt: now } : settle(clock, "cancelled", now);
  });
  const still = next.filter((kind) => !settled.some((clock) => clock.state === "running" && clock.kind === kind));
  return [...settled, ...still.map(change.start)];
}

const settle = ({ reminders: _none, ...clock }: Obligation, state: Obligation["state"], now: number): Obligation => ({
  ...clock,
  state,
  settledAt: now,
});

/** A suspension doesn't eat the officer's time: what was left when it began is left when it ends, also of a clock that
 *  nothing starts again, which would seem to have been passed over otherwise. */
function unpaused(clock: Obligation, to: TicketState, next: readonly ObligationKind[], now: number): Obligation {
  if (to === "suspended") return clock;
  const paused = now - (clock.settledAt ?? now);
  const later = { ...clock, dueAt: clock.dueAt + paused };
  if (!next.includes(clock.kind)) return settle(later, "cancelled", now);
  const reminders = clock.reminders && { reminders: clock.reminders.map((at) => at + paused) };
  return { ...later, state: "running", settledAt: null, ...reminders };
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
    if (clock.state !== "running" || !OF_OFFICER.includes(clock.kind)) return clock;
    const sooner = dueAt(clock.kind, ticket, policy, now);
    return sooner < clock.dueAt ? startClock(clock.kind, ticket, policy, now, sooner) : clock;
  });

/** A clock of the step that the ticket waits for has run out, now or before it was started again. */
export function isOverdue(ticket: Ticket): boolean {
  return ticket.obligations.some(
    (clock, position) =>
      clock.state === "running" &&
      ticket.obligations.slice(0, position).findLast((c) => c.kind === clock.kind)?.state === "breached",
  );
}
