import type { QcFlag } from "@hotgrid/contracts";
import { FAIL, MISSING, NOT_EVALUATED, PASS, SUSPECT } from "./flags.ts";

/** Tests of the IOOS QARTOD manual on single values. Missing values are NaN; all numbers in the property's unit. */

/** Outside [failMin, failMax] fails, outside [suspectMin, suspectMax] is suspect; bounds belong to the good side. */
export function grossRange(
  x: number,
  failMin: number,
  failMax: number,
  suspectMin: number,
  suspectMax: number,
): QcFlag {
  if (Number.isNaN(x)) return MISSING;
  if (x < failMin || x > failMax) return FAIL;
  return x < suspectMin || x > suspectMax ? SUSPECT : PASS;
}

/** Average form: how far the middle one of three values stands from the mean of the others. It judges the value
 *  before the newest, since a spike shows only when its successor is there. */
export function spikeHeight(before: number, x: number, after: number): number {
  return Math.abs(x - (before + after) / 2);
}

/** Strictly above its limit; a limit of Infinity switches that flag off. NaN: not evaluated. */
export function aboveLimits(height: number, suspect: number, fail: number): QcFlag {
  if (Number.isNaN(height)) return NOT_EVALUATED;
  if (height > fail) return FAIL;
  return height > suspect ? SUSPECT : PASS;
}

/** Change per unit of time, in the unit of `elapsed`. The first value of a series has no rate: 0. */
export function rateOfChange(before: number, x: number, elapsed: number): number {
  return Number.isNaN(before) ? 0 : Math.abs(x - before) / elapsed;
}
