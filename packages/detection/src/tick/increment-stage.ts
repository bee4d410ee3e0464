import { BIT, NEVER_HOT, NOT_DECIDING, UNHEALTHY } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import type { DetectionRules } from "../rules/detection-rules.ts";
import { NEIGHBOUR_SLOTS } from "../space/neighbours.ts";
import type { ChannelColumns } from "../state/columns.ts";
import { NEVER } from "../state/columns.ts";
import type { Channels, Network } from "../state/network.ts";
import { ewma } from "../stats/decay.ts";
import { MAD_TO_SIGMA, medianOfFirst } from "../stats/median.ts";
import type { Clockwork } from "./clockwork.ts";
import { learn } from "./learn.ts";

/** Which term set the threshold D: index into this list. */
export const THRESHOLD_TERMS = ["smallest-increment", "share-of-background", "background-rise"] as const;

const values = new Float64Array(8);
const rises = new Float64Array(8);
const DAY_MS = 86_400_000;

/** Is the value high for a reason near by? Background, increment, scale, threshold, hot minute and evidence of every
 *  station, from the medians that the quality stage left. Returns the stations that deserve a look. */
export function decideIncrements(
  channels: Channels,
  network: Network,
  tick: number,
  hour: number,
  rules: DetectionRules,
  work: Clockwork,
  look: number[],
): void {
  const c = channels.columns;
  const n = network.stations.length;
  deseasonalise(c, n, hour, work);
  for (let s = 0; s < n; s++) {
    const own = channels.rules[s] as ChannelRules;
    surroundings(c, network, s, rules, own);
    const hot = decide(c, s, tick, hour, rules, own, work);
    if (hot || c.inEpisode[s] || (c.ez[s] as number) > rules.decision.openEz) look.push(s);
  }
}

/** Own rise over the slow baseline, and the value that this station contributes to others' backgrounds. */
let contributions = new Float64Array(0);
function deseasonalise(c: ChannelColumns, n: number, hour: number, work: Clockwork): void {
  if (contributions.length < n) contributions = new Float64Array(n);
  for (let s = 0; s < n; s++) {
    const median = c.median[s] as number;
    const base = c.base[s] as number;
    if (Number.isNaN(median)) {
      c.rise[s] = 0;
      contributions[s] = Number.NaN;
      continue;
    }
    if (Number.isNaN(base)) c.base[s] = median;
    c.rise[s] = median - (c.base[s] as number);
    const healthy = !((c.tests[s] as number) & UNHEALTHY);
    contributions[s] = healthy
      ? median - (c.offset[s] as number) - (c.hourOffsets[s * 24 + hour] as number)
      : Number.NaN;
    const hot = (c.hotLow[s] as number) & 1;
    if (!hot && !c.inEpisode[s]) c.base[s] = ewma(c.base[s] as number, median, work.slow);
  }
}

/** Background as the median over the nearest healthy neighbours, its scatter, and how much they rise. */
function surroundings(c: ChannelColumns, network: Network, s: number, rules: DetectionRules, own: ChannelRules): void {
  const { index } = network.neighbours;
  const wanted = rules.background.neighbours;
  let n = 0;
  let rising = (c.rise[s] as number) > rules.regional.zoneRise * own.delta ? 1 : 0;
  for (let k = s * NEIGHBOUR_SLOTS; k < (s + 1) * NEIGHBOUR_SLOTS && n < wanted; k++) {
    const other = index[k] as number;
    if (other < 0) break;
    const value = contributions[other] as number;
    if (Number.isNaN(value)) continue;
    const rise = c.rise[other] as number;
    values[n] = value;
    rises[n++] = rise;
    if (rise > rules.regional.zoneRise * own.delta) rising++;
  }
  c.neighbours[s] = n;
  if (n < rules.background.fewestNeighbours) {
    c.background[s] = Number.NaN;
    c.regional[s] = 0;
    c.neighbourRise[s] = 0;
    return;
  }
  const background = medianOfFirst(values, n);
  for (let i = 0; i < n; i++) values[i] = Math.abs((values[i] as number) - background);
  c.background[s] = background;
  c.scatter[s] = MAD_TO_SIGMA * medianOfFirst(values, n);
  c.neighbourRise[s] = medianOfFirst(rises, n);
  const slow = c.backgroundSlow[s] as number;
  const climbed = background - slow > rules.regional.backgroundRise * own.delta;
  c.regional[s] = climbed || rising >= rules.regional.zoneShare * (n + 1) ? 1 : 0;
}

/** Trend of the background over a quarter of an hour, per minute; keeps the ring. */
function trendOf(c: ChannelColumns, s: number, tick: number, background: number, work: Clockwork): number {
  const length = work.shape.trend;
  const at = s * length + (((tick % length) + length) % length);
  const before = c.backgroundRing[at] as number;
  c.backgroundRing[at] = background;
  const trend = Math.abs(background - before) / (length * work.shape.tickMinutes);
  return !Number.isNaN(trend) ? trend : 0;
}

function decide(
  c: ChannelColumns,
  s: number,
  tick: number,
  hour: number,
  rules: DetectionRules,
  own: ChannelRules,
  work: Clockwork,
): boolean {
  const { increment, decision } = rules;
  const x = c.x[s] as number;
  const surrounded = (c.neighbours[s] as number) >= rules.background.fewestNeighbours;
  const background = surrounded ? (c.background[s] as number) : (c.base[s] as number);
  const trend = surrounded ? trendOf(c, s, tick, background, work) : 0;
  const slow = c.backgroundSlow[s] as number;
  c.backgroundSlow[s] =
    !Number.isNaN(slow) && !Number.isNaN(background) ? ewma(slow, background, work.slow) : background;
  const lasting = Math.max(0, background);
  const away = surrounded
    ? gainTerm(c, s, background) + (c.offset[s] as number) + (c.hourOffsets[s * 24 + hour] as number)
    : 0;
  const residual = x - background - away;
  c.residual[s] = residual;
  const { history } = work.shape;
  c.increments[s * history + (((tick % history) + history) % history)] = residual;

  const share = increment.shareOfBackground * lasting;
  const scatter = surrounded ? (c.scatter[s] as number) : 0;
  const moving = increment.minutesOfTrend * trend;
  const floor = Math.sqrt(own.noiseFloor * own.noiseFloor + share * share + scatter * scatter + moving * moving);
  const sigma = Math.max(c.scale[s] as number, floor);
  c.sigma[s] = sigma;
  c.threshold[s] = thresholdOf(c, s, tick, lasting, surrounded ? background - slow : 0, trend, rules, own, work);
  const z = residual / sigma;
  c.z[s] = !Number.isNaN(z) ? z : 0;

  const hot = isHot(c, s, x, residual, z, surrounded, rules, own);
  const toward = hot ? Math.min(z, decision.cappedZ) : !Number.isNaN(z) ? 0.3 * Math.min(0, Math.max(-1, z)) : 0;
  c.ez[s] = ewma(c.ez[s] as number, toward, work.evidence);
  c.hotHigh[s] = ((c.hotHigh[s] as number) << 1) | ((c.hotLow[s] as number) >>> 31);
  c.hotLow[s] = ((c.hotLow[s] as number) << 1) | (hot ? 1 : 0);
  if (!Number.isNaN(x) && surrounded) learn(c, s, tick, hour, background, residual, floor, rules, own, work);
  return hot;
}

/** The gain acts around the mean background, so that learning it doesn't move the offset. */
function gainTerm(c: ChannelColumns, s: number, background: number): number {
  const mean = c.gainMeanB[s] as number;
  return !Number.isNaN(mean) ? ((c.gain[s] as number) - 1) * (background - mean) : 0;
}

function thresholdOf(
  c: ChannelColumns,
  s: number,
  tick: number,
  background: number,
  climbed: number,
  trend: number,
  rules: DetectionRules,
  own: ChannelRules,
  work: Clockwork,
): number {
  const { decision, coldStart } = rules;
  const share = decision.thresholdShare * background;
  const rise = decision.thresholdRiseShare * Math.max(0, climbed || 0);
  const top = Math.max(own.delta, share, rise);
  c.term[s] = top === own.delta ? 0 : top === share ? 1 : 2;
  const first = c.firstTick[s] as number;
  const young = first === NEVER || (tick - first) * work.shape.tickMs < coldStart.learningDays * DAY_MS;
  return (young ? coldStart.learningFactor : 1) * (top + decision.thresholdMinutesOfTrend * trend);
}

function isHot(
  c: ChannelColumns,
  s: number,
  x: number,
  residual: number,
  z: number,
  surrounded: boolean,
  rules: DetectionRules,
  own: ChannelRules,
): boolean {
  const { decision } = rules;
  const needed = !surrounded ? decision.aloneZ : c.regional[s] ? decision.regionalZ : decision.hotZ;
  if (!(z > needed) || !(residual > (c.threshold[s] as number))) return false;
  const step = decision.riseShare * own.delta;
  const base = c.base[s] as number;
  const rise = Math.max(c.rise[s] as number, x - base);
  if (!(rise > step)) return false;
  const neighbours = c.neighbourRise[s] as number;
  if (neighbours > step && rise < decision.vetoRatio * neighbours) return false;
  return !((c.tests[s] as number) & NEVER_HOT & ~NOT_DECIDING);
}

export const isTrusted = (tests: number): boolean => (tests & ~NOT_DECIDING & ~BIT.missing) === 0;
