import {
  type ACTION_BODIES,
  type Account,
  coversDivision,
  TICKET_ACTIONS,
  type Ticket,
  type TicketAction,
} from "@hotgrid/contracts";
import type { z } from "zod";
import { DAY_MS } from "./clocks.ts";
import { inspected } from "./inspection-steps.ts";
import { type Refusal, refusals } from "./refusals.ts";
import { type Part, withoutPart } from "./split-ticket.ts";
import { isAboveHolder, standing } from "./standing.ts";
import { ANEW } from "./system-steps.ts";
import { type Change, type StepInput, type Target, takeStep } from "./take-step.ts";
import type { TicketPolicy } from "./ticket-policy.ts";
import { type Step, TRANSITIONS, type Transition } from "./transitions.ts";

/** What a person asks for, with what had to be looked up for it. */
export type Command = {
  [A in TicketAction]: { readonly action: A; readonly body: z.output<(typeof ACTION_BODIES)[A]> };
}[TicketAction] & {
  /** The revision that the person saw. */
  readonly revision?: number | undefined;
  /** For return, escalate, transfer, reopen and an inspection that is not passed: who gets it. null: nobody is there. */
  readonly target?: Target | null;
  /** For merge: the other ticket. null: there is none that the account may see. */
  readonly into?: Ticket | null;
  /** For split: what becomes a ticket of its own. null: nobody is on duty there. */
  readonly part?: Part | null;
  /** For reopen and split: the id of the ticket that is open at the place. */
  readonly twin?: string | undefined;
};

/** Whether an account may do it to this ticket now, and what becomes of the ticket. A refused command changes nothing. */
export function decide(
  ticket: Ticket,
  command: Command,
  account: Account,
  policy: TicketPolicy,
  now: number,
): Change | Refusal {
  const step = stepOf(command);
  const refusal =
    rightsRefusal(ticket, step, account) ??
    stateRefusal(ticket, step, command) ??
    bodyRefusal(ticket, command, account, policy, now);
  return refusal ?? takeStep(ticket, inputOf(ticket, command, step, account, now), policy, now);
}

/** Actions that decide() takes up from this account now, given a fitting body. */
export const allowedActions = (ticket: Ticket, account: Account): TicketAction[] =>
  TICKET_ACTIONS.filter((action) => rowFor(ticket, action, account) && stuck(ticket, action) === null);

function stepOf(command: Command): Step {
  if (command.action === "verify" && !command.body.passed) return "verify-failed";
  if (command.action === "inspect" && !command.body.passed) return "inspect-failed";
  return command.action;
}

function rowFor(ticket: Ticket, step: Step, account: Account): Transition | undefined {
  const row = TRANSITIONS[ticket.state][step];
  return row !== undefined && permits(row, ticket, account) ? row : undefined;
}

function permits(row: Transition, ticket: Ticket, account: Account): boolean {
  const parties = standing(account, ticket);
  if (row.notByHolder && parties.includes("holder")) return false;
  if (row.fromAbove && !isAboveHolder(account, ticket)) return false;
  return row.by.some((party) => parties.includes(party));
}

/** What the state alone doesn't tell. A merged ticket's episodes are the other's now: the other is what can be
 *  reopened. An inspection has one result. One station
 *  can't be divided. */
function stuck(ticket: Ticket, step: Step): Refusal | null {
  if (step === "reopen" && ticket.mergedInto !== undefined) return refusals.merged(ticket);
  if (step === "split" && ticket.stationIds.length < 2) return refusals.badStations();
  const result = step === "inspect" || step === "inspect-failed";
  return result && ticket.inspection?.state !== "pending" ? refusals.noInspection() : null;
}

/** Forbidden is what the account could not do to this ticket in any state. */
function rightsRefusal(ticket: Ticket, step: Step, account: Account): Refusal | null {
  const rows = Object.values(TRANSITIONS).flatMap((state) => state[step] ?? []);
  return rows.some((row) => permits(row, ticket, account)) ? null : refusals.forbidden(step, account.role);
}

function stateRefusal(ticket: Ticket, step: Step, command: Command): Refusal | null {
  if (command.revision !== undefined && command.revision !== ticket.revision) return refusals.changedMeanwhile(ticket);
  if (TRANSITIONS[ticket.state][step] === undefined) return refusals.notInThisState(ticket, step);
  return stuck(ticket, step);
}

function bodyRefusal(
  ticket: Ticket,
  command: Command,
  account: Account,
  policy: TicketPolicy,
  now: number,
): Refusal | null {
  switch (command.action) {
    case "suspend": {
      const ahead = Date.parse(command.body.until) - now;
      return ahead > 0 && ahead <= policy.suspensionMaxDays * DAY_MS ? null : refusals.until(policy.suspensionMaxDays);
    }
    case "return":
    case "escalate":
      return command.target ? null : refusals.nobodyAbove();
    case "reopen":
      if (command.twin !== undefined) return refusals.anotherOpen(command.twin);
      return command.target ? null : refusals.nobodyOnDuty();
    case "split":
      return splitRefusal(ticket, command, account);
    case "inspect":
      return command.body.passed || command.target ? null : refusals.nobodyOnDuty();
    case "transfer":
      return transferRefusal(ticket, command.target ?? null, account);
    case "merge":
      return mergeRefusal(ticket, command.into ?? null, account);
    default:
      return null;
  }
}

/** Midnight is what a page makes of a day; it means the morning: nobody's clock goes on, and nobody is told of it, at an
 *  hour that nobody chose. 8 h are ours. */
function endOfSuspension(until: string): number {
  const isDay = /T00:00(:00(\.0+)?)?[+-]\d\d:\d\d$/.test(until);
  return Date.parse(until) + (isDay ? MORNING_MS : 0);
}
const MORNING_MS = 8 * 3_600_000;

function splitRefusal(
  ticket: Ticket,
  { body, part, twin }: Extract<Command, { action: "split" }>,
  account: Account,
): Refusal | null {
  const taken = new Set(body.stationIds);
  const own = [...taken].every((id) => ticket.stationIds.includes(id));
  if (!own || taken.size >= ticket.stationIds.length) return refusals.badStations();
  if (twin !== undefined) return refusals.anotherOpen(twin);
  if (!part) return refusals.nobodyOnDuty();
  return coversDivision(account.division, part.division) ? null : refusals.outsideDivision();
}

function transferRefusal(ticket: Ticket, target: Target | null, account: Account): Refusal | null {
  if (target === null) return refusals.unknownOfficer();
  if (target.officerId === ticket.officerId) return refusals.sameOfficer();
  return coversDivision(account.division, target.division) ? null : refusals.outsideDivision();
}

/** Who merges changes both tickets, and needs the right to both. */
function mergeRefusal(ticket: Ticket, into: Ticket | null, account: Account): Refusal | null {
  if (into === null || into.id === ticket.id) return refusals.unknownTicket();
  if (into.state === "closed") return refusals.mergeIntoClosed();
  if (rowFor(into, "absorbed", account) === undefined) return refusals.forbidden("merge", account.role);
  return into.kind === ticket.kind ? null : refusals.mergeOtherKind();
}

function inputOf(ticket: Ticket, command: Command, step: Step, account: Account, now: number): StepInput {
  const actor = { id: account.id, name: account.name };
  const input = { step, action: command.action, actor, note: command.body.note ?? "" };
  const target = command.target ?? undefined;
  switch (command.action) {
    case "feedback": {
      const { cause } = command.body;
      return { ...input, details: { cause }, set: { cause, feedbackAt: now } };
    }
    case "verify":
      return { ...input, details: { passed: String(command.body.passed) } };
    case "escalate":
      return { ...input, target, set: { escalationLevel: ticket.escalationLevel + 1 } };
    case "return":
    case "transfer":
      return { ...input, target };
    case "reopen":
      return { ...input, target, set: ANEW };
    case "split":
      if (!command.part) return input;
      return {
        ...input,
        details: { into: command.part.id, stationIds: command.part.stationIds.join(" ") },
        set: withoutPart(ticket, command.part),
      };
    case "inspect":
      return { ...input, ...inspected(ticket, command, actor, now) };
    case "false-alarm":
      return { ...input, details: { reason: command.body.reason }, set: { falseAlarm: command.body.reason } };
    case "supervise":
      return { ...input, set: { supervised: true } };
    case "suspend": {
      const until = endOfSuspension(command.body.until);
      return { ...input, details: { until: new Date(until).toISOString() }, until };
    }
    case "merge":
      return { ...input, details: { into: command.body.into }, set: { mergedInto: command.body.into } };
    default:
      return input;
  }
}
