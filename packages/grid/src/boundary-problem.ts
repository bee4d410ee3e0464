import type { DivisionCode } from "@hotgrid/contracts";

export const BOUNDARY_PROBLEMS = [
  "not-geojson",
  "no-code",
  "unknown-code",
  "repeated-code",
  "not-an-area",
  "open-ring",
  "self-crossing",
  "swapped-coordinates",
  "far-away",
  "missing-code",
  "wrong-datum",
] as const;

/** One thing that is wrong with a file of boundaries, for the person who prepares it. */
export interface BoundaryProblem {
  readonly kind: (typeof BOUNDARY_PROBLEMS)[number];
  /** An error leaves the area out; with a warning it is taken. */
  readonly severity: "error" | "warning";
  /** Index in `features`, from 0; null where the whole file is meant. */
  readonly feature: number | null;
  readonly code: DivisionCode | null;
  /** What is wrong and what to do. */
  readonly message: { readonly zh: string; readonly en: string };
}
