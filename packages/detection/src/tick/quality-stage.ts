import { BIT, UNUSABLE } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { NEVER } from "../state/columns.ts";
import { medianOfFirst } from "../stats/median.ts";
import { flatLine } from "./flat-line.ts";
import { type Frame, slotOf } from "./frame.ts";
import { noise } from "./noise.ts";
import { unitSwap } from "./unit-swap.ts";
import { pointTests, rangeTests } from "./value-tests.ts";

/** Zero test in delta: below 1 µg/m³ of PM2.5 while the background is above 12. detection.md. */
const ZERO_BELOW = 1 / 15;
const ZERO_BACKGROUND = 12 / 15;
/** Fewer zeros are chance, however long they took. Ours. */
const FEWEST_ZEROS = 6;
const HOUR_MS = 3_600_000;

const scratch = new Float64Array(8);

/** Is the value sound? Takes the waiting value of the tick, runs the tests that look at one station alone, and leaves
 *  `x`, `tests` and the median of the last five minutes. */
export function assessQuality(frame: Frame): void {
  const { columns: c, network, tick, work } = frame;
  const { pending, recent } = work.shape;
  const slot = slotOf(tick, pending);
  const at = slotOf(tick, recent);
  for (let s = 0; s < network.stations.length; s++) {
    const from = s * pending + slot;
    const value = c.pending[from] as number;
    c.pending[from] = Number.NaN;
    if (!Number.isNaN(value)) c.raw[s] = value;
    const own = frame.channels.rules[s] as ChannelRules;
    const found = Number.isNaN(value) ? absent(frame, s) : present(frame, s, value, own);
    const { clockTests, feedTests } = network.columns;
    const lasting = (c.slowTests[s] as number) | (clockTests[s] as number) | (feedTests[s] as number);
    const check = tick <= (c.deviceCheckUntil[s] as number) ? BIT["device-check"] : 0;
    const tests = found | lasting | check;
    c.tests[s] = tests;
    const x = tests & UNUSABLE ? Number.NaN : value;
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

function absent({ columns, network, tick, rules, work }: Frame, s: number): number {
  const last = columns.lastTick[s] as number;
  if (last === NEVER) return 0;
  const interval = (network.stations[s]?.intervalSeconds ?? 60) / 60;
  const silent = (tick - last) * work.shape.tickMinutes;
  if (silent > Math.max(rules.quality.outageMinutes, 2.5 * interval)) return BIT.outage;
  return silent > Math.max(rules.quality.missingMinutes, 1.5 * interval) ? BIT.missing : 0;
}

function present(frame: Frame, s: number, x: number, own: ChannelRules): number {
  const { columns: c, tick } = frame;
  if (c.firstTick[s] === NEVER) c.firstTick[s] = tick;
  const range = rangeTests(frame, x, own) | unitSwap(frame, s, x, own);
  const before = c.lastTick[s] as number;
  c.lastTick[s] = tick;
  // What can't have been measured is no step, no plateau and no noise either.
  if (range & UNUSABLE) return range;
  const adjacent = tick - before === 1;
  const tests =
    range |
    pointTests(frame, s, x, tick - before, own) |
    flatLine(frame, s, x, own) |
    zero(frame, s, x, own) |
    noise(frame, s, x, adjacent, own);
  keepRange(frame, s, x);
  c.beforeLast[s] = adjacent ? (c.last[s] as number) : Number.NaN;
  c.last[s] = x;
  return tests;
}

function zero({ channels, columns: c, rules, work }: Frame, s: number, x: number, own: ChannelRules): number {
  // Fresh exhaust uses up the ozone of a street: zero there is no fault.
  if (!channels.opens) return 0;
  const dead = x < ZERO_BELOW * own.delta && (c.background[s] as number) > ZERO_BACKGROUND * own.delta;
  const run = dead ? (c.zeroTicks[s] as number) + 1 : 0;
  c.zeroTicks[s] = run;
  return run >= Math.max(FEWEST_ZEROS, work.ticks(rules.quality.zeroMinutes)) ? BIT.zero : 0;
}

/** Smallest and largest value by the hour, for six hours. */
function keepRange({ columns: c, tick, work }: Frame, s: number, x: number): void {
  const hour = Math.floor((tick * work.shape.tickMs) / HOUR_MS);
  const at = s * 6 + slotOf(hour, 6);
  if (c.hour[s] !== hour) {
    c.hour[s] = hour;
    c.hourMin[at] = x;
    c.hourMax[at] = x;
    return;
  }
  if (x < (c.hourMin[at] as number)) c.hourMin[at] = x;
  if (x > (c.hourMax[at] as number)) c.hourMax[at] = x;
}
