import type { Channels } from "../state/network.ts";
import type { TickContext } from "../tick/context.ts";

/** Window of the judgement, min, and fewest hot samples that a coefficient of variation is made of. Ours. */
const WINDOW_MINUTES = 30;
const FEWEST = 6;
/** So many hot samples must be steady before a device is blamed: gusts may pause for some minutes. Ours. */
const ENOUGH = 20;
/** Minutes deep below the background among the hot ones: noise, not a plume. Air has a floor. Ours. */
const FEWEST_DEEP = 3;

interface Window {
  readonly hot: number;
  readonly mean: number;
  readonly deviation: number;
  readonly deep: number;
}

function lastIncrements(context: TickContext, channels: Channels, s: number): Window {
  const { history } = context.work.shape;
  const { increments, sigma, threshold, hotLow } = channels.columns;
  const ticks = Math.min(history, 32, Math.max(FEWEST, context.work.ticks(WINDOW_MINUTES)));
  const deepBelow = -Math.max(2 * (sigma[s] as number), 0.5 * (threshold[s] as number));
  let hot = 0;
  let sum = 0;
  let squares = 0;
  let deep = 0;
  for (let i = 0; i < ticks; i++) {
    const at = context.tick - i;
    const r = increments[s * history + (((at % history) + history) % history)] as number;
    if (Number.isNaN(r)) continue;
    if (r < deepBelow) deep++;
    if (!(((hotLow[s] as number) >>> i) & 1)) continue;
    hot++;
    sum += r;
    squares += r * r;
  }
  const mean = sum / hot;
  return { hot, mean, deviation: Math.sqrt(Math.max(0, squares / hot - mean * mean)), deep };
}

const variation = ({ hot, mean, deviation }: Window): number | null =>
  hot < FEWEST || !(mean > 0) ? null : Math.round((deviation / mean) * 1000) / 1000;

/** Coefficient of variation of the hot minutes' increments in the last half hour; null before there are six. */
export function steadiness(context: TickContext, channels: Channels, s: number): number | null {
  return variation(lastIncrements(context, channels, s));
}

/** Can a single device alone be believed? Smoke comes in gusts and never goes deep below the background. A steady
 *  increment waits until it is clear; "believed" otherwise. */
export function judgeDevice(context: TickContext, channels: Channels, s: number): "believed" | "wait" | "device" {
  const window = lastIncrements(context, channels, s);
  if (window.deep >= FEWEST_DEEP) return "device";
  const cv = variation(window);
  if (cv === null || cv >= context.rules.decision.steadyCv) return "believed";
  return window.hot >= ENOUGH ? "device" : "wait";
}
