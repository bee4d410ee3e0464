import type { QcFlag } from "@hotgrid/contracts";
import { FAIL, PASS, SUSPECT } from "./flags.ts";

/** A run of values whose range stays strictly below the tolerance (QARTOD flat line). O(1) state: a value that leaves
 *  the run starts a new one at itself, which is exact as long as the tolerance is below the steps of the signal. */
export interface FlatRun {
  min: number;
  max: number;
  /** Values in the run after the first: `count` intervals lie between its first and its last. */
  steps: number;
}

export function extendFlatRun(run: FlatRun, x: number, tolerance: number): void {
  const min = Math.min(run.min, x);
  const max = Math.max(run.max, x);
  if (max - min < tolerance) {
    run.min = min;
    run.max = max;
    run.steps++;
  } else {
    run.min = x;
    run.max = x;
    run.steps = 0;
  }
}

/** Steps that the run must have, for thresholds in the same unit as `interval`: count + 1 points span count steps. */
export function flatFlag(steps: number, interval: number, suspect: number, fail: number): QcFlag {
  if (steps >= Math.floor(fail / interval)) return FAIL;
  return steps >= Math.floor(suspect / interval) ? SUSPECT : PASS;
}
