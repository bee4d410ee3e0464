import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { ewma } from "../stats/decay.ts";
import type { Frame } from "./frame.ts";

/** Noise must be seen in as many samples, however slow the network. Ours. */
const FEWEST_NOISE = 30;
/** Differences are clipped here, in delta: one absurd value must not look like an hour of noise. Ours. */
const CLIPPED_DIFFERENCE = 4;

const nearest = (value: number, fallback: number): number => (Number.isNaN(value) ? fallback : value);

/** White noise: large differences that alternate, for long. */
export function noise(
  { columns: c, rules, work }: Frame,
  s: number,
  x: number,
  adjacent: boolean,
  own: ChannelRules,
): number {
  const enough = Math.max(work.ticks(rules.quality.noiseMinutes), FEWEST_NOISE);
  const before = c.difference[s] as number;
  const limit = CLIPPED_DIFFERENCE * own.delta;
  const step = Math.max(-limit, Math.min(limit, x - (c.last[s] as number)));
  if (!adjacent || Number.isNaN(step)) {
    c.difference[s] = Number.NaN;
    return (c.noiseTicks[s] as number) >= enough ? BIT.noise : 0;
  }
  c.difference[s] = step;
  const square = ewma(c.differenceSquare[s] as number, step * step, work.noise);
  c.differenceSquare[s] = square;
  if (!Number.isNaN(before)) {
    c.differenceProduct[s] = ewma(c.differenceProduct[s] as number, step * before, work.noise);
  }
  const floor = noiseFloorOf({ columns: c, rules }, s, x, own);
  const alternating = (c.differenceProduct[s] as number) < rules.quality.noiseCovariance * square;
  const run = square > floor * floor && alternating ? (c.noiseTicks[s] as number) + 1 : 0;
  c.noiseTicks[s] = run;
  return run >= enough ? BIT.noise : 0;
}

/** What the root of the mean squared difference must exceed. The level is that of these minutes: a sensor's own noise grows
 *  with it, and fireworks last. */
export function noiseFloorOf(
  { columns: c, rules }: Pick<Frame, "columns" | "rules">,
  s: number,
  x: number,
  own: ChannelRules,
): number {
  const level = Math.max(nearest(c.base[s] as number, x), nearest(c.median[s] as number, x));
  return Math.max(own.delta, rules.quality.noiseShare * level);
}
