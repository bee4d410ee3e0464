import type { Channels } from "../state/network.ts";
import { medianOfFirst } from "../stats/median.ts";
import type { TickContext } from "../tick/context.ts";
import { slotOf } from "../tick/frame.ts";

/** Window of the judgement, min, and fewest hot samples that a coefficient of variation is made of. Ours. */
const WINDOW_MINUTES = 30;
const FEWEST = 6;
/** Deep is what noise would reach downwards: this share of the hot minutes' mean at least. Ours. */
const DEEP_SHARE = 0.3;
/** Share of the higher value by which a leap goes. Ours. */
const LEAP_SHARE = 0.5;
const scratch = new Float64Array(32);

/** The hot minutes of the last half hour. */
export interface HotWindow {
  readonly hot: number;
  /** Stretches of hot minutes without a pause. */
  readonly runs: number;
  /** Of the increments from the first hot minute to the last, the pauses between included (what stands above a
   *  threshold is always steady), in the property's unit; NaN for none. */
  readonly mean: number;
  readonly deviation: number;
  /** Middle one of their increments: three minutes of a truck don't move it. */
  readonly middle: number;
  /** Minutes among them deep below the background. */
  readonly deep: number;
  /** Leaps from one minute to the next, by more than delta and half of the value. */
  readonly leaps: number;
}

export function hotWindow(
  context: TickContext,
  channels: Channels,
  s: number,
  minutes: number = WINDOW_MINUTES,
): HotWindow {
  const { history, smooth } = context.work.shape;
  // The median that makes a minute hot lags by half its length.
  const lag = (smooth - 1) >> 1;
  const { increments, sigma, threshold, hotLow } = channels.columns;
  const ticks = Math.min(history, 32, Math.max(FEWEST, context.work.ticks(minutes)));
  let hot = 0;
  let runs = 0;
  let before = 0;
  let oldest = -1;
  // Sums up to the minute at hand, and up to the oldest hot one.
  const passed = { n: 0, sum: 0, squares: 0 };
  let span = { ...passed };
  for (let i = 0; i < ticks; i++) {
    const r = increments[s * history + slotOf(context.tick - i, history)] as number;
    const isHot = ((hotLow[s] as number) >>> Math.max(0, i - lag)) & 1;
    if (!Number.isNaN(r) && (isHot || hot > 0)) {
      passed.n++;
      passed.sum += r;
      passed.squares += r * r;
    }
    if (isHot && !Number.isNaN(r)) {
      oldest = i;
      if (!before) runs++;
      scratch[hot++] = r;
      span = { ...passed };
    }
    before = isHot;
  }
  const mean = span.sum / span.n;
  const deviation = Math.sqrt(Math.max(0, span.squares / span.n - mean * mean));
  const deepBelow = -Math.max(2 * (sigma[s] as number), 0.5 * (threshold[s] as number), DEEP_SHARE * mean);
  // What lies deep before the first hot minute is another story.
  let deep = 0;
  let leaps = 0;
  let newer = Number.NaN;
  for (let i = 0; i <= oldest; i++) {
    const r = increments[s * history + slotOf(context.tick - i, history)] as number;
    if (r < deepBelow) deep++;
    if (isLeap(channels, s, r, newer)) leaps++;
    newer = r;
  }
  return { hot, runs, mean, deviation, middle: medianOfFirst(scratch, hot), deep, leaps };
}

function isLeap({ columns, rules }: Channels, s: number, a: number, b: number): boolean {
  const level = Math.max(0, columns.background[s] as number) + Math.max(a, b);
  return Math.abs(a - b) > Math.max(rules[s]?.delta ?? Number.POSITIVE_INFINITY, LEAP_SHARE * level);
}

export const variation = ({ hot, mean, deviation }: HotWindow): number | null =>
  hot < FEWEST || !(mean > 0) ? null : Math.round((deviation / mean) * 1000) / 1000;

/** Coefficient of variation of the increments since the first hot minute of the last half hour; null before six are hot. */
export function steadiness(context: TickContext, channels: Channels, s: number): number | null {
  return variation(hotWindow(context, channels, s));
}
