import type { Assignment, DivisionCode } from "@hotgrid/contracts";
import type { Division } from "./division.ts";

/** Who is responsible and why: `assignment-village` its primary, `deputy-village` its deputy because no primary is in
 *  term, `fallback-town` somebody of a level above because the place itself has nobody in term. */
export interface DutyFinding {
  readonly officerId: string;
  /** The division for which this officer is responsible. */
  readonly division: DivisionCode;
  readonly role: Assignment["role"];
  readonly reason: string;
}

/** Terms are half-open: from inclusive, to exclusive (epoch ms). */
export const inTerm = (assignment: Assignment, at: number): boolean =>
  assignment.from <= at && (assignment.to === null || at < assignment.to);

/** The officer in charge of one division at a moment: primary before deputy, of several the one appointed last, and
 *  the lower id where they were appointed together, so that every run finds the same. */
export function inCharge(assignments: Iterable<Assignment>, division: DivisionCode, at: number): Assignment | null {
  let best: Assignment | null = null;
  for (const candidate of assignments) {
    if (candidate.division !== division || !inTerm(candidate, at)) continue;
    if (best === null || precedes(candidate, best)) best = candidate;
  }
  return best;
}

function precedes(a: Assignment, b: Assignment): boolean {
  if (a.role !== b.role) return a.role === "primary";
  if (a.from !== b.from) return a.from > b.from;
  return a.officerId < b.officerId;
}

/** @param lineage from the city down to the place, as Grid.lineage gives it
 *  @param at epoch ms UTC
 *  @returns null where nobody is in term up to the city. */
export function onDuty(
  assignments: readonly Assignment[],
  lineage: readonly Division[],
  at: number,
): DutyFinding | null {
  const place = lineage.at(-1);
  for (const division of lineage.toReversed()) {
    const found = inCharge(assignments, division.code, at);
    if (found === null) continue;
    const how = division !== place ? "fallback" : found.role === "primary" ? "assignment" : "deputy";
    return {
      officerId: found.officerId,
      division: division.code,
      role: found.role,
      reason: `${how}-${division.level}`,
    };
  }
  return null;
}
