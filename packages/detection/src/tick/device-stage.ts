import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { NEIGHBOUR_SLOTS } from "../space/neighbours.ts";
import { NEVER } from "../state/columns.ts";
import { ewma } from "../stats/decay.ts";
import { medianOfFirst } from "../stats/median.ts";
import { type Frame, isSurrounded } from "./frame.ts";

const DAY_MINUTES = 1440;
/** Residuals are clipped here for the slow statistics, in delta: an hour of smoke is no bias. Ours. */
const CLIPPED_RESIDUAL = 4;
/** A day of samples before a mean of a day means something; three for drift. */
const BIAS_DAYS = 1;
const DRIFT_DAYS = 3;
/** A range below this, in delta, may be a blocked inlet (5 µg/m³ of PM2.5). Ours. */
const BLOCKED_RANGE = 1 / 3;
/** Hours that it must go on, beside the six that the range spans: a sheltered place may miss a short episode. Ours. */
const ATTENUATED_HOURS = 6;
/** Spread of the background in delta, below which a ratio of spreads says nothing. Ours. */
const FEWEST_SPREAD = 1 / 3;

/** The slow tests, which need the neighbours and hours or days: bits for the next tick. */
export function assessDevices(frame: Frame): void {
  const { columns: c, network, work } = frame;
  const hourly = (frame.tick * work.shape.tickMs) % HOUR_MS < work.shape.tickMs;
  for (let s = 0; s < network.stations.length; s++) {
    if (!isSurrounded(frame, s) || Number.isNaN(c.residual[s] as number)) continue;
    const own = frame.channels.rules[s] as ChannelRules;
    const before = c.slowTests[s] as number;
    const blocked = hourly ? attenuated(frame, s, own) : before & BIT.attenuated;
    c.slowTests[s] = blocked | bias(frame, s, own) | drift(frame, s, own);
  }
}

const HOUR_MS = 3_600_000;
const ranges = new Float64Array(8);

/** The six-hour range under a floor while the neighbours' is four times it. */
function attenuated({ columns: c, network, rules }: Frame, s: number, own: ChannelRules): number {
  const mine = rangeOf(c.hourMin, c.hourMax, s);
  if (!(mine < BLOCKED_RANGE * own.delta)) {
    c.attenuatedHours[s] = 0;
    return 0;
  }
  let n = 0;
  for (let k = s * NEIGHBOUR_SLOTS; k < (s + 1) * NEIGHBOUR_SLOTS && n < rules.background.neighbours; k++) {
    const other = network.neighbours.index[k] as number;
    if (other < 0) break;
    const range = rangeOf(c.hourMin, c.hourMax, other);
    if (!Number.isNaN(range)) ranges[n++] = range;
  }
  if (n < rules.background.fewestNeighbours) return 0;
  const theirs = medianOfFirst(ranges, n);
  const blocked = theirs > own.delta && theirs > rules.quality.attenuatedRatio * mine;
  const hours = blocked ? (c.attenuatedHours[s] as number) + 1 : 0;
  c.attenuatedHours[s] = hours;
  return hours > ATTENUATED_HOURS ? BIT.attenuated : 0;
}

/** NaN before six hours are full. */
function rangeOf(min: Float32Array, max: Float32Array, s: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = s * 6; i < s * 6 + 6; i++) {
    if (Number.isNaN(min[i] as number)) return Number.NaN;
    low = Math.min(low, min[i] as number);
    high = Math.max(high, max[i] as number);
  }
  return high - low;
}

const daysOf = ({ columns, tick, work }: Frame, s: number): number => {
  const first = columns.firstTick[s] as number;
  return first === NEVER ? 0 : ((tick - first) * work.shape.tickMinutes) / DAY_MINUTES;
};

/** Mean of about a day of what is left after offset and gain. Frozen while the zone is regional or an episode open. */
function bias(frame: Frame, s: number, own: ChannelRules): number {
  const { columns: c, rules, work, notice } = frame;
  if (!c.regional[s] && !c.inEpisode[s] && !notice) {
    const limit = CLIPPED_RESIDUAL * own.delta;
    const residual = Math.max(-limit, Math.min(limit, c.residual[s] as number));
    c.bias[s] = ewma(c.bias[s] as number, residual, work.bias);
  }
  if (daysOf(frame, s) < BIAS_DAYS) return 0;
  const allowed = Math.max(own.delta, rules.quality.biasShare * (c.background[s] as number));
  return Math.abs(c.bias[s] as number) > allowed ? BIT.bias : 0;
}

/** Spread against the neighbours' over three days, and how far the offset has moved from where it used to be; both must
 *  last for two days. */
function drift(frame: Frame, s: number, own: ChannelRules): number {
  const { columns: c, rules, work } = frame;
  const background = c.background[s] as number;
  const x = c.median[s] as number;
  if (Number.isNaN(x)) return (c.slowTests[s] as number) & BIT.drift;
  if (Number.isNaN(c.driftMeanB[s] as number)) {
    c.driftMeanB[s] = background;
    c.driftMeanX[s] = x;
  }
  const days = daysOf(frame, s);
  if (days < DRIFT_DAYS) c.offsetReference[s] = c.offset[s] as number;
  if (c.inEpisode[s])
    return (c.driftTicks[s] as number) >= work.ticks(rules.quality.driftDays * DAY_MINUTES) ? BIT.drift : 0;
  keepSpreads(frame, s, x, background);
  c.offsetReference[s] = ewma(c.offsetReference[s] as number, c.offset[s] as number, work.reference);
  const spread = Math.sqrt(c.driftVarianceB[s] as number);
  const slope = Math.sqrt(c.driftVarianceX[s] as number) / spread;
  // A secondary property's spread is chemistry: NO beside a road eats the ozone that the neighbours see swing.
  const told = frame.channels.opens && days >= DRIFT_DAYS && spread > FEWEST_SPREAD * own.delta;
  const moved =
    Math.abs((c.offset[s] as number) - (c.offsetReference[s] as number)) > rules.quality.driftOffset * own.delta;
  const off = (told && (slope < rules.quality.driftSlopeMin || slope > rules.quality.driftSlopeMax)) || moved;
  const ticks = off ? (c.driftTicks[s] as number) + 1 : 0;
  c.driftTicks[s] = ticks;
  return ticks >= work.ticks(rules.quality.driftDays * DAY_MINUTES) ? BIT.drift : 0;
}

function keepSpreads({ columns: c, work }: Frame, s: number, x: number, background: number): void {
  const awayX = x - (c.driftMeanX[s] as number);
  const awayB = background - (c.driftMeanB[s] as number);
  c.driftMeanX[s] = (c.driftMeanX[s] as number) + work.drift * awayX;
  c.driftMeanB[s] = (c.driftMeanB[s] as number) + work.drift * awayB;
  c.driftVarianceX[s] = ewma(c.driftVarianceX[s] as number, awayX * awayX, work.drift);
  c.driftVarianceB[s] = ewma(c.driftVarianceB[s] as number, awayB * awayB, work.drift);
}
