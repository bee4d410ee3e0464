import type { Assignment, DivisionCode, DutyShift } from "@hotgrid/contracts";
import type { Division } from "./division.ts";
import { createDutyCalendar, type DutyCalendar } from "./duty-calendar.ts";
import { type DutyPlan, inTerm } from "./duty-plan.ts";
import { createPresence, type Presence } from "./duty-presence.ts";

export { type DutyPlan, inTerm } from "./duty-plan.ts";

/** Who is asked and why: `shift-town` by the roster (of the place, or of a town that has taken over), `assignment-village`
 *  the place's primary, `deputy-village` its deputy because no primary is there, `fallback-town` somebody of a level
 *  above because the place has nobody. `…-substitute`: in place of one who is away. */
export interface DutyFinding {
  readonly officerId: string;
  /** The division for which this officer is responsible. */
  readonly division: DivisionCode;
  readonly role: Assignment["role"] | "shift";
  readonly reason: string;
  /** Who is away, where a substitute was found. */
  readonly standsInFor: string | null;
}

export interface NobodyOnDuty {
  readonly officerId: null;
  readonly reason: "nobody-in-term" | "everybody-away";
}

/** A place's own people at a moment. */
type Manning = "manned" | NobodyOnDuty["reason"];

/** As much of a division as is asked for. */
type Place = Pick<Division, "code" | "level">;

/** Answers for any moment, past or to come, from an index over the plan. Pure. */
export interface Duty {
  /** @param lineage from the city down to the place, as Grid.lineage gives it
   *  @param at epoch ms UTC */
  onDuty(lineage: readonly Place[], at: number): DutyFinding | NobodyOnDuty;
  /** The maintenance vendor under contract nearest above the place; null: none. */
  vendor(lineage: readonly Place[], at: number): DutyFinding | null;
  /** Whether the division has people of its own in term, and one of them is there. */
  manning(division: DivisionCode, at: number): Manning;
  /** Whether an officer has the standing duty of the division, and is there. */
  serves(officerId: string, division: DivisionCode, at: number): boolean;
  /** Every moment within (from, to) at which an answer about this division's own people may change, in no order. */
  changes(division: DivisionCode, from: number, to: number): readonly number[];
  readonly calendar: DutyCalendar;
}

/** One who may be asked, in the order in which they are. */
interface Post {
  readonly officerId: string;
  readonly division: DivisionCode;
  readonly role: DutyFinding["role"];
}

interface Index {
  readonly assignments: ReadonlyMap<DivisionCode, readonly Assignment[]>;
  readonly shifts: ReadonlyMap<DivisionCode, readonly DutyShift[]>;
  readonly calendar: DutyCalendar;
  readonly presence: Presence;
}

export function createDuty(plan: DutyPlan): Duty {
  const index: Index = {
    assignments: Map.groupBy(plan.assignments.toSorted(precedence), ({ division }) => division),
    shifts: Map.groupBy(plan.shifts, ({ division }) => division),
    calendar: createDutyCalendar(plan.calendar, plan.utcOffset),
    presence: createPresence(plan.leaves),
  };
  return {
    calendar: index.calendar,
    onDuty: (lineage, at) => find(index, lineage, at),
    vendor(lineage, at) {
      const posts = lineage.toReversed().flatMap(({ code }) => standing(index, code, at, true));
      return firstPresent(index, posts, at, () => "maintenance-vendor");
    },
    manning(division, at) {
      const posts = [...onShift(index, division, at), ...standing(index, division, at)];
      if (posts.length === 0) return "nobody-in-term";
      const present = posts.some(({ officerId }) => index.presence.standIn(officerId, at) !== null);
      return present ? "manned" : "everybody-away";
    },
    serves: (officerId, division, at) =>
      standing(index, division, at).some((post) => post.officerId === officerId) &&
      index.presence.standIn(officerId, at) === officerId,
    changes(division, from, to) {
      const inside = (at: number | null): at is number => at !== null && from < at && at < to;
      return moments(index, division, from, to).filter(inside);
    },
  };
}

/** The roster speaks before the standing assignments; the nearest division before those above. */
function find(index: Index, lineage: readonly Place[], at: number): DutyFinding | NobodyOnDuty {
  const upwards = lineage.toReversed();
  const place = upwards[0];
  const levels = new Map(lineage.map(({ code, level }) => [code, level]));
  const rostered = firstPresent(
    index,
    rosteredFor(index, upwards, at),
    at,
    (post) => `shift-${levels.get(post.division)}`,
  );
  if (rostered !== null) return rostered;

  let reason: NobodyOnDuty["reason"] = "nobody-in-term";
  const why = ({ division, role }: Post): string => {
    const how = division !== place?.code ? "fallback" : role === "primary" ? "assignment" : role;
    return `${how}-${levels.get(division)}`;
  };
  for (const { code } of upwards) {
    const posts = [...onShift(index, code, at), ...standing(index, code, at)];
    if (posts.length > 0) reason = "everybody-away";
    const found = firstPresent(index, posts, at, why);
    if (found !== null) return found;
  }
  return { officerId: null, reason };
}

/** The place's own shifts, then those above that cover it; worked out only as far as they are asked. */
function* rosteredFor(index: Index, upwards: readonly Place[], at: number): Generator<Post> {
  for (const [height, { code }] of upwards.entries()) yield* onShift(index, code, at, height > 0);
}

function firstPresent(
  { presence }: Index,
  posts: Iterable<Post>,
  at: number,
  why: (post: Post) => string,
): DutyFinding | null {
  for (const post of posts) {
    const officerId = presence.standIn(post.officerId, at);
    if (officerId === null) continue;
    const own = officerId === post.officerId;
    const reason = own ? why(post) : `${why(post)}-substitute`;
    return {
      ...{ officerId, division: post.division, role: post.role, reason },
      standsInFor: own ? null : post.officerId,
    };
  }
  return null;
}

/** Officers in term, or the vendor under contract, in the order in which they are asked. */
function standing(index: Index, division: DivisionCode, at: number, maintenance = false): Post[] {
  const all = index.assignments.get(division) ?? [];
  const asked = (role: Assignment["role"]) =>
    maintenance ? role === "maintenance" : role === "primary" || role === "deputy";
  return all.filter((one) => asked(one.role) && inTerm(one, at));
}

/** Who has the shift: of several the line of the roster that holds since last, then the shift that began last.
 *  @param coversBelow only those who have it for the divisions below as well */
function onShift(index: Index, division: DivisionCode, at: number, coversBelow = false): Post[] {
  const running = (index.shifts.get(division) ?? []).flatMap((shift) => {
    if (!inTerm(shift, at) || (coversBelow && shift.covers === "own")) return [];
    const span = index.calendar.holding(shift, division, at);
    return span === null ? [] : [{ shift, began: span.from }];
  });
  running.sort(
    (a, b) => b.shift.from - a.shift.from || b.began - a.began || (a.shift.officerId < b.shift.officerId ? -1 : 1),
  );
  return running.map(({ shift: { officerId } }) => ({ officerId, division, role: "shift" }));
}

function moments(index: Index, division: DivisionCode, from: number, to: number): (number | null)[] {
  const [assignments, shifts] = [index.assignments.get(division) ?? [], index.shifts.get(division) ?? []];
  const turns = shifts.flatMap((shift) => {
    const [first, last] = [Math.max(from, shift.from), Math.min(to, shift.to ?? to)];
    return first < last ? index.calendar.within(shift, division, { from: first, to: last }) : [];
  });
  const people = new Set([...assignments, ...shifts].map(({ officerId }) => officerId));
  return [
    ...[...assignments, ...shifts, ...turns].flatMap((term) => [term.from, term.to]),
    ...[...people].flatMap((officerId) => index.presence.changes(officerId)),
  ];
}

/** Primary before deputy; of several the one appointed last, and the lower id where they were appointed together, so
 *  that every run finds the same. */
function precedence(a: Assignment, b: Assignment): number {
  if (a.role !== b.role && (a.role === "primary" || b.role === "primary")) return a.role === "primary" ? -1 : 1;
  return b.from - a.from || (a.officerId < b.officerId ? -1 : a.officerId > b.officerId ? 1 : 0);
}
