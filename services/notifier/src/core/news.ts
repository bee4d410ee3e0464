import {
  type DivisionCode,
  type EpisodeKind,
  type ObligationKind,
  type ObservedProperty,
  Severity,
  type TicketState,
} from "@hotgrid/contracts";
import { z } from "zod";

/** What may have happened, as far as somebody is to be told. due-soon: a part of the time is over; reminder: the same again, unanswered; interference: a
 *  station of the ticket seems to be sprayed; to-verify: fed back and clean, a supervisor has to verify it; inspection-lapsed: nobody inspected the closed ticket in time; notice and
 *  notice-over: an episode without a ticket, such as a regional one. */
export const Step = z.enum([
  "opened",
  "reopened",
  "assigned",
  "escalated",
  "overdue",
  "supervised",
  "worse",
  "recovered",
  "relapsed",
  "verification",
  "to-verify",
  "suspended",
  "resumed",
  "closed",
  "due-soon",
  "reminder",
  "interference",
  "inspection-lapsed",
  "notice",
  "notice-over",
]);
export type Step = z.infer<typeof Step>;

/** What people are told about, as it is now: a ticket, or an episode that is a notice. */
export interface Subject {
  /** Ticket or episode id. */
  readonly id: string;
  readonly revision: number;
  readonly kind: EpisodeKind;
  readonly severity: Severity;
  readonly division: DivisionCode;
  readonly observedProperties: readonly ObservedProperty[];
  readonly stationIds: readonly string[];
  /** Key of the reading that decided, as logs and traces show it. */
  readonly reading?: string;
  /** State of the ticket; null for a notice. */
  readonly state: TicketState | null;
  /** Holder of the ticket, and the division at which he or she is responsible. */
  readonly officerId: string | null;
  readonly officerDivision: DivisionCode | null;
  /** Closed or resolved. */
  readonly isOver: boolean;
  readonly title: Text;
}

export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** One step of one subject. */
export interface News {
  /** Ticket and revision, or episode and step: the same whenever the log delivers it. */
  readonly id: string;
  readonly step: Step;
  /** Epoch ms UTC. */
  readonly at: number;
  readonly subject: Subject;
  /** What is due next, and when (epoch ms UTC). */
  readonly due: { readonly kind: ObligationKind; readonly at: number } | null;
  /** Who did it; null: the system. */
  readonly by: string | null;
  readonly note: string;
}

/** Worst first. */
export const bySeverity = (a: Severity, b: Severity): number =>
  Severity.options.indexOf(a) - Severity.options.indexOf(b);

/** Told only to whoever was told of something before. */
export const FOLLOWING_STEPS: readonly Step[] = ["recovered", "verification", "closed", "notice-over"];

/** Told although the ticket is closed, whoever was told of it before. */
export const CLOSED_STEPS: readonly Step[] = ["inspection-lapsed"];

/** Somebody has the ticket now who had not, and his clock begins: no other alert stands for that. */
export const HANDED_OVER: readonly Step[] = ["assigned", "escalated", "reopened"];
