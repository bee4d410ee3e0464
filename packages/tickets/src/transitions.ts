import type { ObligationKind, SystemAction, TicketAction, TicketState } from "@hotgrid/contracts";
import type { Party } from "./standing.ts";

/** A step of the loop: an action of a person, what the sensors say, or a clock that ran out. */
export type Step =
  | TicketAction
  | Exclude<SystemAction, "open" | "overdue-escalated" | "overdue-pressed">
  | "verify-failed"
  | "inspect-failed"
  | "recurred"
  | "absorbed"
  | "respond-overdue"
  | "handle-overdue"
  | "feedback-overdue"
  | "recovery-overdue"
  | "hold-over"
  | "verify-overdue"
  | "objection-over"
  | "suspension-over";

export interface Transition {
  /** before-suspension: the state whose clocks are paused. */
  readonly to: TicketState | "same" | "before-suspension";
  readonly by: readonly Party[];
  /** Clocks that this step keeps, or finds run out. The others follow from the state: see RUNNING. */
  readonly meets?: readonly ObligationKind[];
  readonly breaches?: readonly ObligationKind[];
  /** Who gets it has the full time. */
  readonly restarts?: readonly ObligationKind[];
  /** Who holds a ticket does not judge it. */
  readonly notByHolder?: true;
  /** Only from a level above the one at which the ticket is held. */
  readonly fromAbove?: true;
}

/** The clocks that run in a state; all others stop when it is entered. In `feedback` recovery runs until the air is
 *  clean and hold from then on; in `closed` one runs while an inspection is due. So every state but closed always has
 *  one that runs. */
export const RUNNING: Readonly<Record<TicketState, readonly ObligationKind[]>> = {
  dispatched: ["respond", "handle", "feedback"],
  responded: ["handle", "feedback"],
  handling: ["feedback"],
  feedback: ["recovery", "hold"],
  verification: ["verify"],
  suspended: ["resume"],
  closed: ["inspect"],
};

const HOLDER: readonly Party[] = ["holder", "administrator"];
const ABOVE: readonly Party[] = ["supervisor", "administrator"];
const DESK: readonly Party[] = ["supervisor", "operator", "administrator"];
const SYSTEM: readonly Party[] = ["system"];

type Row = Readonly<Partial<Record<Step, Transition>>>;

const always: Row = {
  comment: { to: "same", by: ["holder", "supervisor", "operator", "inspector", "administrator"] },
};
const open: Row = {
  ...always,
  supervise: { to: "same", by: ABOVE },
  merge: { to: "closed", by: DESK },
  "false-alarm": { to: "closed", by: ABOVE, notByHolder: true },
  "interference-suspected": { to: "same", by: SYSTEM },
  absorbed: { to: "same", by: [...DESK, "system"] },
  recovered: { to: "same", by: SYSTEM },
  relapsed: { to: "same", by: SYSTEM },
  "episode-updated": { to: "same", by: SYSTEM },
};
const reminded: Row = { reminded: { to: "same", by: SYSTEM } };
/** To another officer, who has to respond; the clocks of the whole work go on, so that handing on wins no time. */
const reassign: Row = {
  return: { to: "dispatched", by: ["holder", ...ABOVE], restarts: ["respond"] },
  transfer: { to: "dispatched", by: DESK, restarts: ["respond"] },
  escalate: { to: "dispatched", by: ["holder", ...DESK], restarts: ["respond"] },
};
/** While there is work to divide; a suspended ticket is resumed first, one in verification is clean as a whole. */
const split: Row = { split: { to: "same", by: DESK } };
const suspend: Row = { suspend: { to: "suspended", by: ABOVE, notByHolder: true, fromAbove: true } };
const feedbackOverdue: Row = { "feedback-overdue": { to: "same", by: SYSTEM, breaches: ["feedback"] } };
const backToHandling: Transition = { to: "handling", by: SYSTEM };

/** The whole state machine: what is not here can't happen. */
export const TRANSITIONS: Readonly<Record<TicketState, Row>> = {
  dispatched: {
    ...open,
    ...reminded,
    ...reassign,
    ...split,
    ...suspend,
    ...feedbackOverdue,
    "handle-overdue": { to: "same", by: SYSTEM, breaches: ["handle"] },
    respond: { to: "responded", by: HOLDER, meets: ["respond"] },
    "respond-overdue": { to: "dispatched", by: SYSTEM, breaches: ["respond"] },
  },
  responded: {
    ...open,
    ...reminded,
    ...reassign,
    ...split,
    ...suspend,
    ...feedbackOverdue,
    "response-lapsed": { to: "dispatched", by: SYSTEM, breaches: ["handle"] },
    handle: { to: "handling", by: HOLDER, meets: ["handle"] },
  },
  handling: {
    ...open,
    ...reminded,
    ...reassign,
    ...split,
    ...suspend,
    ...feedbackOverdue,
    feedback: { to: "feedback", by: HOLDER, meets: ["feedback"] },
  },
  feedback: {
    ...open,
    ...reassign,
    ...split,
    ...suspend,
    recovered: { to: "same", by: SYSTEM, meets: ["recovery"] },
    relapsed: backToHandling,
    "recovery-overdue": { ...backToHandling, breaches: ["recovery"] },
    "hold-over": { to: "verification", by: SYSTEM, meets: ["hold"] },
  },
  verification: {
    ...open,
    ...reminded,
    verify: { to: "closed", by: ABOVE, meets: ["verify"], notByHolder: true },
    "verify-failed": { to: "handling", by: ABOVE, meets: ["verify"], notByHolder: true },
    close: { to: "closed", by: ABOVE, meets: ["verify"], notByHolder: true },
    relapsed: backToHandling,
    "interference-suspected": { to: "same", by: SYSTEM, restarts: ["verify"] },
    "objection-over": { to: "closed", by: SYSTEM, meets: ["verify"] },
    "verify-overdue": { to: "same", by: SYSTEM, breaches: ["verify"] },
  },
  suspended: {
    ...open,
    resume: { to: "before-suspension", by: ABOVE },
    "suspension-over": { to: "before-suspension", by: SYSTEM, meets: ["resume"] },
  },
  closed: {
    ...always,
    reopen: { to: "dispatched", by: ABOVE },
    recurred: { to: "dispatched", by: SYSTEM },
    "inspection-chosen": { to: "same", by: SYSTEM },
    inspect: { to: "same", by: ["inspector"], meets: ["inspect"] },
    "inspect-failed": { to: "dispatched", by: ["inspector"], meets: ["inspect"] },
    "inspection-lapsed": { to: "same", by: SYSTEM, breaches: ["inspect"] },
  },
};
