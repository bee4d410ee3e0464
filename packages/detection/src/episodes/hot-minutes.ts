import type { Channels } from "../state/network.ts";
import { onesOfLast } from "../stats/hot-bits.ts";
import type { TickContext } from "../tick/context.ts";

/** A window holds three ticks at least, so that an hourly network can gather evidence at all. Ours. */
const FEWEST_TICKS = 3;
/** One sample is never evidence enough, however long it stands for. Ours. */
export const FEWEST_HOT_TICKS = 2;

/** Hot minutes of a channel in the last `window` minutes. */
export function hotMinutes(context: TickContext, channels: Channels, s: number, window: number): number {
  const c = channels.columns;
  const ticks = Math.min(64, Math.max(FEWEST_TICKS, context.work.ticks(window)));
  return onesOfLast(c.hotLow[s] as number, c.hotHigh[s] as number, ticks) * context.work.shape.tickMinutes;
}
