import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { backgroundOf, type Frame } from "./frame.ts";

/** Between milligrams and micrograms. */
const UNITS = 1000;
/** How far the ratio to the background may be off: a factor, ours. Stations of a city differ by less. */
const ABOUT = 2;
/** Background in delta below which a thousandth of it is below what devices resolve. Ours. */
const LEAST_BACKGROUND = 0.25;
/** Fewer such values are chance, however long they took. Ours. */
const FEWEST = 6;

/** A thousand times what the neighbours show (or, without them, it did itself), or a thousandth: the device, or who set it up, took one unit for the other.
 *  Before range, which would only say that it is impossible. */
export function unitSwap({ columns: c, rules, work }: Frame, s: number, x: number, own: ChannelRules): number {
  const background = backgroundOf({ columns: c, rules }, s);
  const told = x > 0 && background > LEAST_BACKGROUND * own.delta;
  const run = told && isSwapped(x / background) ? (c.unitTicks[s] as number) + 1 : 0;
  c.unitTicks[s] = run;
  return run >= Math.max(FEWEST, work.ticks(rules.quality.unitMinutes)) ? BIT["unit-swap"] : 0;
}

const isSwapped = (ratio: number): boolean => isAbout(ratio, UNITS) || isAbout(ratio, 1 / UNITS);
const isAbout = (ratio: number, expected: number): boolean => ratio > expected / ABOUT && ratio < expected * ABOUT;
