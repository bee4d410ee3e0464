import { NEVER_HOT, NOT_DECIDING } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { ewma } from "../stats/decay.ts";
import { median } from "../stats/median.ts";
import { keepTrend, lookAround, prepareContributions } from "./background.ts";
import { type Frame, isSurrounded, slotOf } from "./frame.ts";
import { learn } from "./learn.ts";
import { patternOf } from "./pattern.ts";
import { thresholdOf } from "./threshold.ts";

/** How much a quiet minute takes from the evidence, of its z between -1 and 0. detection.md. */
const QUIET_WEIGHT = 0.3;

/** Is the value high for a reason near by? Background, increment, scale, threshold, hot minute and evidence of every
 *  station, from the medians that the quality stage left. Returns the stations that deserve a look. */
export function decideIncrements(frame: Frame): number[] {
  const { columns: c, channels, network, rules } = frame;
  const look: number[] = [];
  prepareContributions(frame);
  const cityRise = cityRiseOf(frame);
  for (let s = 0; s < network.stations.length; s++) {
    const own = channels.rules[s] as ChannelRules;
    lookAround(frame, s, own);
    const hot = decide(frame, s, own, cityRise);
    if (hot || c.inEpisode[s] || (c.ez[s] as number) > rules.decision.openEz) look.push(s);
  }
  return look;
}

function decide(frame: Frame, s: number, own: ChannelRules, cityRise: (own: number) => number): boolean {
  const { columns: c, tick, rules, work } = frame;
  const x = c.x[s] as number;
  const surrounded = isSurrounded(frame, s);
  const background = (surrounded ? c.background[s] : c.base[s]) as number;
  const trend = surrounded ? keepTrend(frame, s, background) : 0;
  const climbed = surrounded ? keepSlow(frame, s, background) : 0;
  const level = Math.max(0, background);
  const pattern = surrounded ? patternOf(frame, s, level, own, gainTerm(frame, s, background)) : 0;
  const residual = x - background - pattern;
  c.residual[s] = residual;
  c.increments[s * work.shape.history + slotOf(tick, work.shape.history)] = residual;
  const floor = scaleFloor(frame, s, level, surrounded, trend, own);
  const sigma = Math.max(c.scale[s] as number, floor);
  c.sigma[s] = sigma;
  c.threshold[s] = thresholdOf(frame, s, level, climbed, trend, own);
  const z = Number.isNaN(residual) ? 0 : residual / sigma;
  c.z[s] = z;
  const hot = isHot(frame, s, x, residual, z, surrounded, own, cityRise);
  const toward = hot ? Math.min(z, rules.decision.cappedZ) : QUIET_WEIGHT * Math.min(0, Math.max(-1, z));
  c.ez[s] = ewma(c.ez[s] as number, toward, work.evidence);
  c.hotHigh[s] = ((c.hotHigh[s] as number) << 1) | ((c.hotLow[s] as number) >>> 31);
  c.hotLow[s] = ((c.hotLow[s] as number) << 1) | (hot ? 1 : 0);
  if (!Number.isNaN(x) && surrounded) learn(frame, s, background, residual, floor, own);
  return hot;
}

/** How much the background has risen over its slow baseline, not below 0; moves the baseline on. */
function keepSlow({ columns: c, work }: Frame, s: number, background: number): number {
  const slow = c.backgroundSlow[s] as number;
  if (Number.isNaN(slow)) {
    c.backgroundSlow[s] = background;
    return 0;
  }
  c.backgroundSlow[s] = ewma(slow, background, work.slow);
  return Math.max(0, background - slow);
}

/** The gain acts around the mean background, so that learning it doesn't move the offset. */
function gainTerm({ columns: c }: Frame, s: number, background: number): number {
  const mean = c.gainMeanB[s] as number;
  return Number.isNaN(mean) ? 0 : ((c.gain[s] as number) - 1) * (background - mean);
}

/** f² = 2² + (0.12 B)² + (1.4826 MAD of the neighbours)² + (15 min |dB/dt|)²: what an innocent increment may be. */
function scaleFloor(
  { columns: c, rules }: Frame,
  s: number,
  level: number,
  surrounded: boolean,
  trend: number,
  own: ChannelRules,
): number {
  const share = rules.increment.shareOfBackground * level;
  const scatter = surrounded ? (c.scatter[s] as number) : 0;
  const moving = rules.increment.minutesOfTrend * trend;
  return Math.sqrt(own.noiseFloor * own.noiseFloor + share * share + scatter * scatter + moving * moving);
}

function isHot(
  frame: Frame,
  s: number,
  x: number,
  residual: number,
  z: number,
  surrounded: boolean,
  own: ChannelRules,
  cityRise: (own: number) => number,
): boolean {
  const { columns: c, rules, network, notice } = frame;
  if (!(z > rules.decision.hotZ) || !(residual > (c.threshold[s] as number))) return false;
  const corroborated = surrounded && (network.remoteness[s] as number) <= 1;
  if (!corroborated && !(z > rules.decision.aloneZ)) return false;
  const regional = c.regional[s] || c.nearRegional[s] || notice;
  if (regional && !(z > rules.decision.regionalZ)) return false;
  if ((c.tests[s] as number) & NEVER_HOT & ~NOT_DECIDING || network.columns.doubted[s]) return false;
  const step = rules.decision.riseShare * own.delta;
  const rise = Math.max(c.rise[s] as number, x - (c.base[s] as number));
  if (!(rise > step)) return false;
  // Where nobody stands near, the whole city is asked whether it rises as well.
  const others = corroborated ? (c.neighbourRise[s] as number) : cityRise(s);
  const ratio = regional ? rules.decision.regionalVetoRatio : rules.decision.vetoRatio;
  return !(others > step && rise < ratio * others);
}

/** Below so many stations the one that asks is left out of the city: in a county of two it would be half of it. Ours. */
const SMALL_CITY = 20;

/** Looked for once in a tick, however many stations ask: a large city of lonely stations would sort itself for each of
 *  them. NaN where nobody else is. */
function cityRiseOf({ columns: c }: Frame): (own: number) => number {
  const riseWithout = (own: number) =>
    median([...c.rise].filter((_, s) => s !== own && !Number.isNaN(c.median[s] as number)));
  if (c.rise.length < SMALL_CITY) return riseWithout;
  let rise: number | undefined;
  return () => {
    rise ??= riseWithout(-1);
    return rise;
  };
}
