import { z } from "zod";
import { EpisodeKind, Severity } from "./episode.ts";
import { type CityCode, DivisionCode } from "./identifiers.ts";
import { Inspection, RectificationPlan } from "./inspection.ts";
import { ObservedProperty } from "./observed-properties.ts";

/** The closed loop: dispatched 已派发, responded 已响应, handling 处置中, feedback 已反馈 (the sensor is not clean yet),
 *  verification 待核查 (fed back and recovered), closed 已办结. */
export const TICKET_STATES = [
  "dispatched",
  "responded",
  "handling",
  "feedback",
  "verification",
  "suspended",
  "closed",
] as const;
export const TicketState = z.enum(TICKET_STATES);
export type TicketState = z.infer<typeof TicketState>;

/** Actions of people (the path of POST /tickets/{id}/{action}) and of the system. */
export const TICKET_ACTIONS = [
  "respond",
  "handle",
  "feedback",
  "verify",
  "close",
  "return",
  "transfer",
  "escalate",
  "supervise",
  "suspend",
  "resume",
  "merge",
  "split",
  "false-alarm",
  "reopen",
  "inspect",
  "comment",
] as const;
export const TicketAction = z.enum(TICKET_ACTIONS);
export type TicketAction = z.infer<typeof TicketAction>;

/** What the system does by itself: open it, note the sensor's recovery or its relapse. What a clock does that ran out
 *  has names of its own, so that nobody takes it for what a person did: overdue-escalated (up one level),
 *  overdue-pressed (stays, and is pressed), reminded (a part of the time is over),
 *  interference-suspected (a station of the ticket seems to be sprayed: the level above looks at it),
 *  response-lapsed (responded, but nothing was done: to be responded again), inspection-chosen (closed, and on the
 *  inspectors' list), inspection-lapsed (nobody inspected it in time). */
export const SystemAction = z.enum([
  "open",
  "recovered",
  "relapsed",
  "episode-updated",
  "overdue-escalated",
  "overdue-pressed",
  "reminded",
  "interference-suspected",
  "response-lapsed",
  "inspection-chosen",
  "inspection-lapsed",
]);
export type SystemAction = z.infer<typeof SystemAction>;

/** One clock per obligation. Of the officer: respond, handle, feedback. Of the sensor: recovery (clean air has to be
 *  seen by then, after the feedback), hold (clean air has to last until then). Of the supervisor: verify (with
 *  verification by the sensor, the ticket closes then unless somebody objects). Of the inspector: inspect (the closed
 *  ticket is to be looked at by then). resume: a suspension ends then. An open ticket always has one that is running. */
export const ObligationKind = z.enum([
  "respond",
  "handle",
  "feedback",
  "recovery",
  "hold",
  "verify",
  "inspect",
  "resume",
]);
export type ObligationKind = z.infer<typeof ObligationKind>;

export const Obligation = z.strictObject({
  kind: ObligationKind,
  /** Epoch ms UTC, by the injected clock. */
  dueAt: z.int(),
  /** paused while the ticket is suspended: goes on with the time that was left. */
  state: z.enum(["running", "paused", "met", "breached", "cancelled"]),
  /** When it was met, breached, cancelled or paused. */
  settledAt: z.int().nullable(),
  /** Epoch ms of the reminders that are still to come, the earliest first; absent where there are none. */
  reminders: z.array(z.int()).max(8).optional(),
});
export type Obligation = z.infer<typeof Obligation>;

/** What the source was, as the officer found it. */
export const FeedbackCause = z.enum([
  "burning",
  "construction",
  "road-dust",
  "industry",
  "cooking",
  "fireworks",
  "vehicles",
  "device",
  "not-found",
  "other",
]);
export type FeedbackCause = z.infer<typeof FeedbackCause>;

/** Why an episode was none that needed anybody: for the statistics of the rule that raised it. known-activity: reported
 *  beforehand; transport: came from elsewhere. */
export const FalseAlarmReason = z.enum(["nothing-there", "device", "weather", "transport", "known-activity", "other"]);
export type FalseAlarmReason = z.infer<typeof FalseAlarmReason>;

/** How the loop ended, judged by sensor and feedback together. interference-suspected: the air may be clean at the
 *  station only. */
export const Recovery = z.enum([
  "handled-and-recovered",
  "recovered-before-handling",
  "not-recovered",
  "interference-suspected",
]);
export type Recovery = z.infer<typeof Recovery>;

export const Ticket = z.strictObject({
  id: z.string(),
  /** Counts changes; a command may name the revision it saw. */
  revision: z.int().positive(),
  kind: EpisodeKind,
  severity: Severity,
  state: TicketState,
  episodeId: z.string(),
  /** Key of the reading that decided its episode when it was opened, or last came back: see decidingReading(). */
  reading: z.string().max(128).optional(),
  title: z.strictObject({ zh: z.string(), en: z.string() }),
  explanation: z.strictObject({ zh: z.string(), en: z.string() }),
  observedProperties: z.array(ObservedProperty),
  stationIds: z.array(z.string()),
  cellIds: z.array(z.string()),
  /** The place: the village (or coarser) responsible. */
  division: DivisionCode,
  lon: z.number(),
  lat: z.number(),
  /** Who holds it now, and at which division he or she is responsible (rises with escalation). */
  officerId: z.string(),
  officerDivision: DivisionCode,
  /** Why this officer, e.g. "assignment-village", "fallback-town". */
  routingReason: z.string(),
  escalationLevel: z.int().nonnegative(),
  /** Who is next above the holder, and above that one, as it was when the holder got the ticket. */
  escalationChain: z
    .array(z.strictObject({ officerId: z.string(), division: DivisionCode, reason: z.string() }))
    .max(8)
    .optional(),
  supervised: z.boolean(),
  openedAt: z.int(),
  updatedAt: z.int(),
  closedAt: z.int().nullable(),
  /** When the sensors first were clean again (null: not yet, or relapsed). */
  recoveredAt: z.int().nullable(),
  feedbackAt: z.int().nullable(),
  recovery: Recovery.nullable(),
  /** Of the latest feedback. */
  cause: FeedbackCause.optional(),
  /** Closed as a false alarm, and why; null where it was reopened since. */
  falseAlarm: FalseAlarmReason.nullable().optional(),
  /** The episode of interference at one of its stations, since the ticket was opened. */
  interferenceEpisodeId: z.string().nullable().optional(),
  /** The ticket that goes on with this one's episodes: closed by a merge. */
  mergedInto: z.string().optional(),
  /** The ticket that it was a part of. */
  splitFrom: z.string().optional(),
  /** Stations that are another ticket's since a split: an episode that spans both does not bring them back. */
  splitOff: z.array(z.string()).optional(),
  /** The third-party inspection since the latest closing; null or absent: none. A failed one stays with its plan while
   *  the ticket is handled again. */
  inspection: Inspection.nullable().optional(),
  obligations: z.array(Obligation),
});
export type Ticket = z.infer<typeof Ticket>;

/** One line of a ticket's history: who did what, when, from which account. */
export const TicketHistoryEntry = z.strictObject({
  revision: z.int().positive(),
  at: z.int(),
  action: z.union([TicketAction, SystemAction]),
  /** Account id, or "system". */
  by: z.string(),
  byName: z.string(),
  from: TicketState.nullable(),
  to: TicketState,
  /** Note of a person, or the machine name of the reason. */
  note: z.string(),
  /** Facts of the step for machines, e.g. { cause }, { officerId, previousOfficerId }, { episodeId }. */
  details: z.record(z.string(), z.string()).optional(),
});
export type TicketHistoryEntry = z.infer<typeof TicketHistoryEntry>;

/** A message of the TICKETS log: the whole ticket after the change, with the line that it added. */
export const TicketEvent = z.strictObject({ ticket: Ticket, entry: TicketHistoryEntry });
export type TicketEvent = z.infer<typeof TicketEvent>;

export const ticketSubject = (city: CityCode): string => `tickets.${city}`;
export const ticketEventKey = (e: TicketEvent): string => `${e.ticket.id}#${e.ticket.revision}`;

const note = z.string().trim().max(2000);
const requiredNote = note.min(2);
/** Bodies of POST /tickets/{id}/{action}. */
export const ACTION_BODIES = {
  respond: z.strictObject({ note: note.optional() }),
  handle: z.strictObject({ note: note.optional() }),
  /** cause: what the source was. */
  feedback: z.strictObject({
    note: requiredNote,
    cause: FeedbackCause,
  }),
  verify: z.strictObject({ note: note.optional(), passed: z.boolean() }),
  close: z.strictObject({ note: note.optional() }),
  /** reason: nothing is wrong with the ticket, but it lies elsewhere (belongsTo, where that is known): the boundaries
   *  may need a correction. */
  return: z.strictObject({
    note: requiredNote,
    reason: z.literal("not-my-area").optional(),
    belongsTo: DivisionCode.optional(),
  }),
  transfer: z.strictObject({ note: requiredNote, officerId: z.string().min(1).max(64) }),
  escalate: z.strictObject({ note: requiredNote }),
  supervise: z.strictObject({ note: requiredNote }),
  suspend: z.strictObject({ note: requiredNote, until: z.iso.datetime({ offset: true }) }),
  resume: z.strictObject({ note: note.optional() }),
  merge: z.strictObject({ note: note.optional(), into: z.string().min(1).max(64) }),
  /** stationIds: those that become a ticket of their own; at least one stays. */
  split: z.strictObject({ note: requiredNote, stationIds: z.array(z.string().min(1).max(64)).min(1).max(500) }),
  "false-alarm": z.strictObject({ note: requiredNote, reason: FalseAlarmReason }),
  reopen: z.strictObject({ note: requiredNote }),
  /** The inspector's result. One that is not passed comes with the plan for rectification, and reopens the ticket. */
  inspect: z.discriminatedUnion("passed", [
    z.strictObject({ passed: z.literal(true), note: requiredNote }),
    z.strictObject({ passed: z.literal(false), note: requiredNote, plan: RectificationPlan }),
  ]),
  comment: z.strictObject({ note: requiredNote }),
} as const satisfies Record<TicketAction, z.ZodType>;

/** What the console asks the dispatcher to do, by request over the bus. */
export const TicketCommand = z.strictObject({
  ticketId: z.string().max(64),
  action: TicketAction,
  body: z.record(z.string(), z.unknown()),
  /** Account that acts; the dispatcher checks its rights again. */
  accountId: z.string(),
  /** Network address that it came from, for the audit log. */
  address: z.string().max(64).optional(),
  idempotencyKey: z.string().min(1).max(128),
  /** The revision that the account saw: a conflict where the ticket has changed since. */
  revision: z.int().positive().optional(),
});
export type TicketCommand = z.infer<typeof TicketCommand>;

export const TicketCommandReply = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("done"), ticket: Ticket }),
  /** not-found: unknown or not visible (404); forbidden (403); conflict: not possible in this state (409); invalid (422). */
  z.strictObject({
    outcome: z.enum(["not-found", "forbidden", "conflict", "invalid"]),
    reason: z.string(),
    message: z.strictObject({ zh: z.string(), en: z.string() }),
  }),
]);
export type TicketCommandReply = z.infer<typeof TicketCommandReply>;

/** Where the dispatchers of a city are asked: others have another policy, and other officers. */
export const ticketCommandSubject = (city: CityCode): string => `commands.tickets.${city}`;
