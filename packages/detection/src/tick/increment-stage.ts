import { NEVER_HOT, NOT_DECIDING } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { ewma } from "../stats/decay.ts";
import { medianOfFirst } from "../stats/median.ts";
import { keepTrend, lookAround, prepareContributions } from "./background.ts";
import { type CityRise, cityRiseOf } from "./city-rise.ts";
import { type Frame, isSurrounded, slotOf } from "./frame.ts";
import { keepHabit } from "./habits.ts";
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
  const city = cityRiseOf(frame);
  for (let s = 0; s < network.stations.length; s++) {
    const own = channels.rules[s] as ChannelRules;
    lookAround(frame, s, own);
    const hot = decide(frame, s, own, city);
    if (hot || c.inEpisode[s] || (c.ez[s] as number) > rules.decision.openEz) look.push(s);
  }
  return look;
}

function decide(frame: Frame, s: number, own: ChannelRules, city: CityRise): boolean {
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
  const lasting = lastingIncrement(frame, s, residual);
  c.lasting[s] = lasting;
  const floor = scaleFloor(frame, s, level, surrounded, trend, own);
  const sigma = Math.max(c.scale[s] as number, floor);
  c.sigma[s] = sigma;
  c.threshold[s] = thresholdOf(frame, s, level, climbed, trend, own);
  const z = Number.isNaN(lasting) ? 0 : lasting / sigma;
  c.z[s] = z;
  const hot = isHot(frame, s, lasting, z, surrounded, own, city);
  const toward = hot ? Math.min(z, rules.decision.cappedZ) : QUIET_WEIGHT * Math.min(0, Math.max(-1, z));
  c.ez[s] = ewma(c.ez[s] as number, toward, work.evidence);
  c.hotHigh[s] = ((c.hotHigh[s] as number) << 1) | ((c.hotLow[s] as number) >>> 31);
  c.hotLow[s] = ((c.hotLow[s] as number) << 1) | (hot ? 1 : 0);
  keepHabit(frame, s, lasting, own);
  if (!Number.isNaN(lasting) && surrounded) learn(frame, s, background, lasting, floor, own);
  return hot;
}

const window = new Float64Array(8);

/** Middle one of the last minutes' increments: three minutes of a truck leave no trace in it. NaN where this minute or
 *  more than half of them have no value. */
function lastingIncrement({ columns: c, tick, work }: Frame, s: number, residual: number): number {
  const { history, smooth } = work.shape;
  if (Number.isNaN(residual)) return Number.NaN;
  let n = 0;
  for (let i = 0; i < smooth; i++) {
    const r = c.increments[s * history + slotOf(tick - i, history)] as number;
    if (!Number.isNaN(r)) window[n++] = r;
  }
  return n * 2 > smooth ? medianOfFirst(window, n) : Number.NaN;
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
  const { shareOfBackground, gainShare } = rules.increment;
  const usual = c.gainMeanB[s] as number;
  const away = Number.isNaN(usual) ? level : level - usual;
  const share = Math.hypot(shareOfBackground * level, gainShare * away);
  const scatter = surrounded ? (c.scatter[s] as number) : 0;
  const moving = rules.increment.minutesOfTrend * trend;
  return Math.sqrt(own.noiseFloor * own.noiseFloor + share * share + scatter * scatter + moving * moving);
}

function isHot(
  frame: Frame,
  s: number,
  lasting: number,
  z: number,
  surrounded: boolean,
  own: ChannelRules,
  city: CityRise,
): boolean {
  const { columns: c, rules, network, notice } = frame;
  if (!(z > rules.decision.hotZ) || !(lasting > (c.threshold[s] as number))) return false;
  const corroborated = surrounded && (network.remoteness[s] as number) <= 1;
  if (!corroborated && !(z > rules.decision.aloneZ)) return false;
  if (!surrounded && isContradicted(frame, s)) return false;
  const regional = c.regional[s] || c.nearRegional[s] || notice;
  if (regional && !(z > rules.decision.regionalZ)) return false;
  if ((c.tests[s] as number) & NEVER_HOT & ~NOT_DECIDING || network.columns.doubted[s]) return false;
  const step = rules.decision.riseShare * own.delta;
  // Where nobody stands near, the whole city is asked whether it rises as well.
  const others = corroborated ? (c.neighbourRise[s] as number) : city.rise(s);
  const rise = c.rise[s] as number;
  // After a haze the slow baselines stay high: what counts is to have fallen less than the neighbours (where there are).
  const fallen = Number.isNaN(others) ? 0 : Math.min(0, others);
  if (!(rise - fallen > step)) return false;
  const ratio = regional ? Math.max(rules.decision.vetoRatio, city.unevenRatio()) : rules.decision.vetoRatio;
  return !(others > step && rise < ratio * others);
}

/** Does a channel of the same kind that has neighbours see nothing there? TSP contains PM10. */
function isContradicted({ channels, network, rules }: Frame, s: number): boolean {
  return network.channels.some(
    (other) =>
      other !== channels &&
      other.family === channels.family &&
      isSurrounded({ columns: other.columns, rules }, s) &&
      !Number.isNaN(other.columns.lasting[s] as number) &&
      !((other.columns.hotLow[s] as number) & 1),
  );
}
