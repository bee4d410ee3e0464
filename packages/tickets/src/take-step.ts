import type { Obligation, Ticket, TicketHistoryEntry, TicketState } from "@hotgrid/contracts";
import { advanceClocks, repeatAt, startClock, stateBeforeSuspension } from "./clocks.ts";
import type { TicketPolicy } from "./ticket-policy.ts";
import { type Step, TRANSITIONS, type Transition } from "./transitions.ts";

/** A ticket after one step, with the line that the step adds to its history. */
export interface Change {
  readonly ticket: Ticket;
  readonly entry: TicketHistoryEntry;
}

/** Who gets a ticket, at which division he or she is responsible, and why this one. */
export interface Target extends Post {
  /** Who is above that one, the next first; frozen onto the ticket. */
  readonly above?: readonly Post[];
}

export interface Post {
  readonly officerId: string;
  readonly division: string;
  readonly reason: string;
}

export interface Actor {
  readonly id: string;
  readonly name: string;
}

export const SYSTEM_ACTOR: Actor = { id: "system", name: "系统" };

export interface StepInput {
  readonly step: Step;
  /** As the history shows it. */
  readonly action: TicketHistoryEntry["action"];
  readonly actor: Actor;
  readonly note: string;
  readonly details?: Readonly<Record<string, string>>;
  /** Other fields that the step sets. */
  readonly set?: Partial<Ticket>;
  readonly target?: Target | undefined;
  /** End of a suspension, epoch ms. */
  readonly until?: number;
}

/** Takes a step that the table has for the ticket's state; asking for another is a bug of the caller. */
export function takeStep(before: Ticket, input: StepInput, policy: TicketPolicy, now: number): Change {
  const transition = TRANSITIONS[before.state][input.step];
  if (transition === undefined) throw new Error(`no step ${input.step} from ${before.state}`);
  const to = destination(before, transition);
  const { target } = input;
  const ticket: Ticket = {
    ...before,
    ...input.set,
    ...(target && held(target)),
    ...feedbackIn(to, { ...before, ...input.set }),
    state: to,
    revision: before.revision + 1,
    updatedAt: now,
    closedAt: to === "closed" ? (before.closedAt ?? now) : null,
  };
  const obligations = advanceClocks(ticket, {
    transition,
    to,
    now,
    start: (kind) => {
      const once = (due: number): Obligation => ({ kind, dueAt: due, state: "running", settledAt: null });
      if (kind === "resume" && input.until !== undefined) return once(input.until);
      if (transition.breaches?.includes(kind) && target === undefined) return once(repeatAt(policy, now));
      return startClock(kind, ticket, policy, now);
    },
  });
  return { ticket: { ...ticket, obligations }, entry: entryOf(before, ticket, input) };
}

/** What a ticket says of the one who has it. */
export const held = (target: Target) => ({
  officerId: target.officerId,
  officerDivision: target.division,
  routingReason: target.reason,
  ...(target.above && { escalationChain: [...target.above] }),
});

function destination(ticket: Ticket, transition: Transition): TicketState {
  if (transition.to === "same") return ticket.state;
  return transition.to === "before-suspension" ? stateBeforeSuspension(ticket) : transition.to;
}

/** A feedback counts only as long as the ticket has not gone back before it. */
function feedbackIn(to: TicketState, ticket: Ticket): Pick<Ticket, "feedbackAt"> {
  const back = to === "dispatched" || to === "responded" || to === "handling";
  return { feedbackAt: back ? null : ticket.feedbackAt };
}

function entryOf(before: Ticket, after: Ticket, input: StepInput): TicketHistoryEntry {
  const moved = before.officerId !== after.officerId;
  const details = {
    ...input.details,
    ...(moved && { officerId: after.officerId, previousOfficerId: before.officerId }),
  };
  return {
    revision: after.revision,
    at: after.updatedAt,
    action: input.action,
    by: input.actor.id,
    byName: input.actor.name,
    from: before.state,
    to: after.state,
    note: input.note,
    ...(Object.keys(details).length > 0 && { details }),
  };
}
