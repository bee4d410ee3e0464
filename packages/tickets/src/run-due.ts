import type { Obligation, Ticket, TicketHistoryEntry } from "@hotgrid/contracts";
import { closedBySensor, reminded } from "./clocks.ts";
import { type Change, SYSTEM_ACTOR, type Target, takeStep } from "./take-step.ts";
import type { TicketPolicy } from "./ticket-policy.ts";
import { type Step, TRANSITIONS } from "./transitions.ts";

/** What follows when a clock runs out: the step, its name in the history, and the reason. */
interface Consequence {
  readonly step: Step;
  readonly action: TicketHistoryEntry["action"];
  readonly note: string;
  readonly set?: Partial<Ticket>;
  readonly details?: Readonly<Record<string, string>>;
}

/** Executes one clock that has run out, or its reminder that is due. Its settled row says that this was done: a second call finds nothing to do.
 *  @param above who is next up the levels, for a respond clock; null at the top
 *  @returns null where the clock is not running or not due. */
export function runDue(
  ticket: Ticket,
  position: number,
  above: Target | null,
  policy: TicketPolicy,
  now: number,
): Change | null {
  const clock = ticket.obligations[position];
  if (clock?.state !== "running") return null;
  if (clock.dueAt > now) return remind(ticket, position, clock, policy, now);
  const follows = consequence(ticket, clock, above, policy);
  if (TRANSITIONS[ticket.state][follows.step] === undefined) return null;
  const target = clock.kind === "respond" && above !== null ? above : undefined;
  const details = { obligation: clock.kind, dueAt: new Date(clock.dueAt).toISOString(), ...follows.details };
  return takeStep(ticket, { ...follows, actor: SYSTEM_ACTOR, details, target }, policy, now);
}

/** However many reminders fell due while the system was down, it is one. */
function remind(ticket: Ticket, position: number, clock: Obligation, policy: TicketPolicy, now: number): Change | null {
  const next = clock.reminders?.[0];
  if (next === undefined || next > now) return null;
  const details = { obligation: clock.kind, dueAt: new Date(clock.dueAt).toISOString() };
  const note = `${clock.kind}-due-soon`;
  const input = { step: "reminded", action: "reminded", actor: SYSTEM_ACTOR, note, details } as const;
  const change = takeStep(ticket, input, policy, now);
  const obligations = change.ticket.obligations.with(position, reminded(clock, now));
  return { ...change, ticket: { ...change.ticket, obligations } };
}

function consequence(ticket: Ticket, clock: Obligation, above: Target | null, policy: TicketPolicy): Consequence {
  const pressed = { action: "overdue-pressed", set: { supervised: true } } as const;
  switch (clock.kind) {
    case "respond":
      if (above === null) return { step: "respond-overdue", note: "respond-overdue-at-the-top", ...pressed };
      return {
        step: "respond-overdue",
        action: "overdue-escalated",
        note: "respond-overdue",
        set: { escalationLevel: ticket.escalationLevel + 1 },
      };
    case "handle":
      if (ticket.state === "responded")
        return { step: "response-lapsed", note: "handle-overdue", ...pressed, action: "response-lapsed" };
      return { step: "handle-overdue", note: "handle-overdue", ...pressed };
    case "feedback":
      return { step: "feedback-overdue", note: "feedback-overdue", ...pressed };
    case "recovery":
      return {
        step: "recovery-overdue",
        action: "relapsed",
        note: "not-recovered-in-time",
        set: { recovery: "not-recovered" },
      };
    case "hold":
      return {
        ...{ step: "hold-over", action: "recovered", note: "clean-for-the-hold-time" },
        details: { verifiedBy: closedBySensor(ticket, policy) ? "sensor" : "supervisor" },
      };
    case "verify":
      if (!closedBySensor(ticket, policy)) return { step: "verify-overdue", note: "verify-overdue", ...pressed };
      return { step: "objection-over", action: "close", note: "verified-by-the-sensor" };
    case "inspect": {
      const lapsed = ticket.inspection && ({ ...ticket.inspection, state: "lapsed" } as const);
      const set = { inspection: lapsed ?? null };
      return { step: "inspection-lapsed", action: "inspection-lapsed", note: "inspection-overdue", set };
    }
    case "resume":
      return { step: "suspension-over", action: "resume", note: "suspension-over" };
  }
}
