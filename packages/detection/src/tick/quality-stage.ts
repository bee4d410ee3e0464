import { FAIL, PASS, SUSPECT } from "../quality/flags.ts";
import { flatFlag } from "../quality/flat-run.ts";
import { aboveLimits, grossRange, rateOfChange, spikeHeight } from "../quality/point-tests.ts";
import { BIT, UNUSABLE } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import type { DetectionRules } from "../rules/detection-rules.ts";
import type { ChannelColumns } from "../state/columns.ts";
import { NEVER } from "../state/columns.ts";
import type { Channels, Network } from "../state/network.ts";
import { ewma } from "../stats/decay.ts";
import { medianOfFirst } from "../stats/median.ts";
import type { Clockwork } from "./clockwork.ts";

/** Longest reporting interval at which a spike or a rate per minute still says something. min, ours. */
const POINTWISE_MINUTES = 10;
/** Flat line: fewer equal values than this are chance, however long they took. Ours. */
const FEWEST_FLAT = 6;
/** Differences are clipped here, in delta: one absurd value must not look like an hour of noise. Ours. */
const CLIPPED_DIFFERENCE = 4;
/** Zero test in delta: below 1 µg/m³ of PM2.5 while the background is above 12. */
const ZERO_BELOW = 1 / 15;
const ZERO_BACKGROUND = 12 / 15;
/** What the firmware of laser counters reports when the fan stands (SDS011, PMS series), µg/m³. */
const FAN_PLATEAUS = [999, 1999] as const;

const scratch = new Float64Array(8);

/** Is the value sound? Takes the pending value of `tick`, runs the tests that look at one station alone, and leaves
 *  `x`, `tests` and the median of the last five minutes. */
export function assessQuality(
  channels: Channels,
  network: Network,
  tick: number,
  rules: DetectionRules,
  work: Clockwork,
): void {
  const c = channels.columns;
  const { pending: slots, recent } = work.shape;
  const slot = ((tick % slots) + slots) % slots;
  const at = ((tick % recent) + recent) % recent;
  const laser = channels.family === "particles";
  for (let s = 0; s < network.stations.length; s++) {
    const from = s * slots + slot;
    const value = c.pending[from] as number;
    c.pending[from] = Number.NaN;
    const tests = Number.isNaN(value)
      ? absent(c, s, tick, rules, work, network)
      : present(c, s, value, tick, channels.rules[s] as ChannelRules, rules, work, laser);
    const skew = network.columns.skew[s] as number;
    const clock = Math.abs(skew) > rules.quality.skewFailSeconds ? BIT["clock-skew"] : 0;
    c.tests[s] = tests | clock | (tick <= (c.deviceCheckUntil[s] as number) ? BIT["device-check"] : 0);
    const x = Number.isNaN(value) || (tests | clock) & UNUSABLE ? Number.NaN : value;
    c.x[s] = x;
    c.recent[s * recent + at] = x;
    c.median[s] = medianOfRecent(c.recent, s * recent, recent);
  }
}

function medianOfRecent(recent: Float32Array, from: number, length: number): number {
  let n = 0;
  for (let i = from; i < from + length; i++) {
    const v = recent[i] as number;
    if (!Number.isNaN(v)) scratch[n++] = v;
  }
  // Two of five: a single value after a gap is no median.
  return n * 5 >= length * 2 ? medianOfFirst(scratch, n) : Number.NaN;
}

function absent(
  c: ChannelColumns,
  s: number,
  tick: number,
  rules: DetectionRules,
  work: Clockwork,
  network: Network,
): number {
  const last = c.lastTick[s] as number;
  if (last === NEVER) return 0;
  const own = (network.stations[s]?.intervalSeconds ?? 60) / 60;
  const silent = (tick - last) * work.shape.tickMinutes;
  if (silent > Math.max(rules.quality.outageMinutes, 2.5 * own)) return BIT.outage;
  return silent > Math.max(rules.quality.missingMinutes, 1.5 * own) ? BIT.missing : 0;
}

function present(
  c: ChannelColumns,
  s: number,
  x: number,
  tick: number,
  own: ChannelRules,
  rules: DetectionRules,
  work: Clockwork,
  laser: boolean,
): number {
  if (c.firstTick[s] === NEVER) c.firstTick[s] = tick;
  const range = grossRange(x, own.rangeMin, own.rangeMax, own.rangeMin, own.suspectAbove);
  let tests = range === FAIL ? BIT.range : range === SUSPECT ? BIT["range-suspect"] : 0;
  if (laser && FAN_PLATEAUS.some((plateau) => x >= plateau && x < plateau + 1)) tests |= BIT["fan-failure"];
  tests |= pointTests(c, s, x, tick, own, rules, work);
  tests |= flatLine(c, s, x, own, rules, work);
  tests |= zero(c, s, x, own, rules, work);
  tests |= noise(c, s, x, tick, own, rules, work);
  keepRange(c, s, x, tick, work);
  c.beforeLast[s] = tick - (c.lastTick[s] as number) === 1 ? (c.last[s] as number) : Number.NaN;
  c.last[s] = x;
  c.lastTick[s] = tick;
  return tests;
}

/** Spike and rate mark only; the mark stays a while. */
function pointTests(
  c: ChannelColumns,
  s: number,
  x: number,
  tick: number,
  own: ChannelRules,
  rules: DetectionRules,
  work: Clockwork,
): number {
  const elapsed = (tick - (c.lastTick[s] as number)) * work.shape.tickMinutes;
  if (elapsed <= POINTWISE_MINUTES) {
    const hold = tick + work.ticks(rules.quality.holdMinutes);
    const last = c.last[s] as number;
    const height = spikeHeight(c.beforeLast[s] as number, last, x);
    if (aboveLimits(height, own.spikeSuspect, own.spikeFail) > PASS && !Number.isNaN(height)) c.spikeUntil[s] = hold;
    if (rateOfChange(last, x, elapsed) > own.ratePerMinute) c.rateUntil[s] = hold;
  }
  return (tick <= (c.spikeUntil[s] as number) ? BIT.spike : 0) | (tick <= (c.rateUntil[s] as number) ? BIT.rate : 0);
}

/** QARTOD flat line; it fails only when the air around has moved meanwhile. */
function flatLine(
  c: ChannelColumns,
  s: number,
  x: number,
  own: ChannelRules,
  rules: DetectionRules,
  work: Clockwork,
): number {
  const min = Math.min(c.flatMin[s] as number, x);
  const max = Math.max(c.flatMax[s] as number, x);
  const background = c.background[s] as number;
  if (max - min < own.flatTolerance) {
    c.flatMin[s] = min;
    c.flatMax[s] = max;
    c.flatSteps[s] = (c.flatSteps[s] as number) + 1;
    if (!((c.flatBackgroundMin[s] as number) <= background)) c.flatBackgroundMin[s] = background;
    if (!((c.flatBackgroundMax[s] as number) >= background)) c.flatBackgroundMax[s] = background;
  } else {
    c.flatMin[s] = x;
    c.flatMax[s] = x;
    c.flatSteps[s] = 0;
    c.flatBackgroundMin[s] = background;
    c.flatBackgroundMax[s] = background;
  }
  const steps = c.flatSteps[s] as number;
  if (steps < FEWEST_FLAT) return 0;
  const flag = flatFlag(steps, work.shape.tickMinutes, own.flatSuspectMinutes, own.flatFailMinutes);
  if (flag === PASS) return 0;
  const moved = (c.flatBackgroundMax[s] as number) - (c.flatBackgroundMin[s] as number);
  return flag === FAIL && moved >= rules.quality.flatBackgroundMoved * own.delta
    ? BIT["flat-line"]
    : BIT["flat-line-suspect"];
}

function zero(
  c: ChannelColumns,
  s: number,
  x: number,
  own: ChannelRules,
  rules: DetectionRules,
  work: Clockwork,
): number {
  const dead = x < ZERO_BELOW * own.delta && (c.background[s] as number) > ZERO_BACKGROUND * own.delta;
  const run = dead ? (c.zeroTicks[s] as number) + 1 : 0;
  c.zeroTicks[s] = run;
  return run >= work.ticks(rules.quality.zeroMinutes) ? BIT.zero : 0;
}

/** White noise: large differences that alternate. */
function noise(
  c: ChannelColumns,
  s: number,
  x: number,
  tick: number,
  own: ChannelRules,
  rules: DetectionRules,
  work: Clockwork,
): number {
  const before = c.difference[s] as number;
  const limit = CLIPPED_DIFFERENCE * own.delta;
  const step = Math.max(-limit, Math.min(limit, x - (c.last[s] as number)));
  if (tick - (c.lastTick[s] as number) !== 1 || Number.isNaN(step)) {
    c.difference[s] = Number.NaN;
    return (c.noiseTicks[s] as number) >= work.ticks(rules.quality.noiseMinutes) ? BIT.noise : 0;
  }
  c.difference[s] = step;
  const square = ewma(c.differenceSquare[s] as number, step * step, work.noise);
  c.differenceSquare[s] = square;
  if (!Number.isNaN(before)) c.differenceProduct[s] = ewma(c.differenceProduct[s] as number, step * before, work.noise);
  const base = c.base[s] as number;
  const floor = Math.max(own.delta, rules.quality.noiseShare * (!Number.isNaN(base) ? base : x));
  const rough = square > floor * floor && (c.differenceProduct[s] as number) < rules.quality.noiseCovariance * square;
  const run = rough ? (c.noiseTicks[s] as number) + 1 : 0;
  c.noiseTicks[s] = run;
  return run >= work.ticks(rules.quality.noiseMinutes) ? BIT.noise : 0;
}

const HOUR_MS = 3_600_000;
/** Smallest and largest value by the hour, for six hours. */
function keepRange(c: ChannelColumns, s: number, x: number, tick: number, work: Clockwork): void {
  const hour = Math.floor((tick * work.shape.tickMs) / HOUR_MS);
  const at = s * 6 + (hour % 6);
  if (c.hour[s] !== hour) {
    c.hour[s] = hour;
    c.hourMin[at] = x;
    c.hourMax[at] = x;
    return;
  }
  if (x < (c.hourMin[at] as number)) c.hourMin[at] = x;
  if (x > (c.hourMax[at] as number)) c.hourMax[at] = x;
}
