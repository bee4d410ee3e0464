import { z } from "zod";
import { EpisodeKind, Severity } from "./episode.ts";
import { DIVISION_LEVELS, DivisionCode } from "./identifiers.ts";
import { ObservedProperty } from "./observed-properties.ts";

/** Days on which a shift begins. workday: Monday to Friday without holidays, and make-up days (调休上班);
 *  restday: every other day; holiday: of these only the days of a public holiday; a weekday's name: that weekday,
 *  whatever the calendar says of it. */
export const SHIFT_DAYS = ["workday", "restday", "holiday", "mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const ShiftDay = z.enum(SHIFT_DAYS);
export type ShiftDay = z.infer<typeof ShiftDay>;

/** Local time of the city, "HH:MM". */
export const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a local time such as "17:30"');

/** One line of a roster (值班表): an officer has the duty of a division from start to end, local time, on such days.
 *  An end at or before the start lies on the next day. */
export const DutyShift = z.strictObject({
  division: DivisionCode,
  officerId: z.string().min(1).max(64),
  days: z.array(ShiftDay).min(1).max(SHIFT_DAYS.length),
  start: LocalTime,
  end: LocalTime,
  /** own: what is for this division itself. below: what is for any division under it as well, unless that one has a
   *  shift of its own at that moment. */
  covers: z.enum(["own", "below"]),
  /** Term, epoch ms UTC: from inclusive, to exclusive, null open-ended. It cuts a shift that is under way. */
  from: z.int(),
  to: z.int().nullable(),
});
export type DutyShift = z.infer<typeof DutyShift>;

/** An officer is away (请假), wherever he or she is responsible; the substitute (替班) stands in, if there is one. */
export const Leave = z.strictObject({
  officerId: z.string().min(1).max(64),
  /** Epoch ms UTC: from inclusive, to exclusive. */
  from: z.int(),
  to: z.int(),
  substituteId: z.string().min(1).max(64).nullable(),
});
export type Leave = z.infer<typeof Leave>;

/** A day that is not what its weekday says, in a division and all below it, unless one of these says otherwise. */
export const CalendarDay = z.strictObject({
  division: DivisionCode,
  /** Local date of the city. */
  date: z.iso.date(),
  kind: z.enum(["holiday", "workday"]),
  name: z.string().min(1).max(64),
});
export type CalendarDay = z.infer<typeof CalendarDay>;

/** Who gets a ticket first: whoever is on duty at that level of the place, or the maintenance vendor of the place
 *  (`otherwise`: the level that gets it where no vendor is under contract). */
export const Receiver = z.union([
  z.strictObject({ level: z.enum(DIVISION_LEVELS) }),
  z.strictObject({ role: z.literal("maintenance"), otherwise: z.enum(DIVISION_LEVELS) }),
]);
export type Receiver = z.infer<typeof Receiver>;

/** What has to hold for a branch; what is not named holds for every ticket. */
const RouteCondition = z.strictObject({
  kinds: z.array(EpisodeKind).min(1).optional(),
  /** One of the ticket's properties is among these. */
  properties: z.array(ObservedProperty).min(1).optional(),
  severities: z.array(Severity).min(1).optional(),
  /** The place lies in one of these. */
  divisions: z.array(DivisionCode).min(1).max(500).optional(),
  days: z.array(ShiftDay).min(1).optional(),
  /** Local time; an end at or before the start lies on the next day. */
  between: z.strictObject({ start: LocalTime, end: LocalTime }).optional(),
});
export type RouteCondition = z.infer<typeof RouteCondition>;

const branch = {
  /** Shown as the reason on the ticket. */
  name: z.string().regex(/^[a-z0-9-]{1,32}$/, "1 to 32 of a-z 0-9 -"),
  when: RouteCondition.default({}),
};
const LeafRoute = z.strictObject({ ...branch, to: Receiver });
const InnerRoute = z.strictObject({ ...branch, to: Receiver.optional(), routes: z.array(LeafRoute).min(1).max(100) });
const Route = z.union([LeafRoute, InnerRoute]);
export type Route = z.infer<typeof Route>;

/** A city's routing.json: the first branch whose condition holds decides; within it the first of its own branches, else
 *  its `to`; where it has none, the next branch is tried. A ticket that no branch takes goes to `otherwise`. */
export const RoutingTree = z.strictObject({
  version: z.string().min(1).max(40),
  routes: z.array(Route).max(100),
  otherwise: Receiver,
});
export type RoutingTree = z.infer<typeof RoutingTree>;
