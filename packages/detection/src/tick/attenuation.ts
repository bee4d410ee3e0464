import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { NEIGHBOUR_SLOTS } from "../space/neighbours.ts";
import { medianOfFirst } from "../stats/median.ts";
import type { Frame } from "./frame.ts";

/** A range below this, in delta, may be a blocked inlet (5 µg/m³ of PM2.5). Ours. */
const BLOCKED_RANGE = 1 / 3;
/** Hours that it must go on, beside the six that the range spans: a sheltered place may miss a short episode. Ours. */
const ATTENUATED_HOURS = 6;

const ranges = new Float64Array(8);

/** The six-hour range under a floor while the neighbours' is four times it. */
export function attenuated(frame: Frame, s: number, own: ChannelRules): number {
  const { columns: c, rules } = frame;
  const mine = rangeOf(c.hourMin, c.hourMax, s);
  const theirs = mine < BLOCKED_RANGE * own.delta ? neighboursRange(frame, s) : Number.NaN;
  const blocked = theirs > own.delta && theirs > rules.quality.attenuatedRatio * mine;
  const hours = blocked ? Math.min(255, (c.attenuatedHours[s] as number) + 1) : 0;
  c.attenuatedHours[s] = hours;
  return hours > ATTENUATED_HOURS ? BIT.attenuated : 0;
}

/** Median six-hour range of the neighbours; NaN where too few have one. */
export function neighboursRange(
  { columns: c, network, rules }: Pick<Frame, "columns" | "network" | "rules">,
  s: number,
): number {
  let n = 0;
  for (let k = s * NEIGHBOUR_SLOTS; k < (s + 1) * NEIGHBOUR_SLOTS && n < rules.background.neighbours; k++) {
    const other = network.neighbours.index[k] as number;
    if (other < 0) break;
    const range = rangeOf(c.hourMin, c.hourMax, other);
    if (!Number.isNaN(range)) ranges[n++] = range;
  }
  return n < rules.background.fewestNeighbours ? Number.NaN : medianOfFirst(ranges, n);
}

/** NaN before six hours are full. */
export function rangeOf(min: Float32Array, max: Float32Array, s: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = s * 6; i < s * 6 + 6; i++) {
    if (Number.isNaN(min[i] as number)) return Number.NaN;
    low = Math.min(low, min[i] as number);
    high = Math.max(high, max[i] as number);
  }
  return high - low;
}
