import type { TickContext } from "../tick/context.ts";
import { slotOf } from "../tick/frame.ts";

/** Above this ratio of what PM10 and PM2.5 gained no dust is: fugitive dust has 10 to 15 % of its PM10 below 2.5 µm (US
 *  EPA AP-42, 13.2). A laser counter makes it out of a few large pulses: an insect, fog, fluff. */
const COARSEST = 12;
/** Gain of PM10 in delta below which PM2.5's gain can't be told well enough for a ratio. Ours. */
const LEAST_GAIN = 3;
/** Window, min, and fewest samples. Ours. */
const WINDOW_MINUTES = 30;
const FEWEST = 4;

/** Is what the station shows coarser than anything that blows in the air? */
export function isTooCoarse(context: TickContext, s: number): boolean {
  const { channels } = context.network;
  const coarse = channels.find((c) => c.property === "pm10");
  const fine = channels.find((c) => c.property === "pm25");
  if (!coarse || !fine) return false;
  const { history } = context.work.shape;
  const ticks = Math.min(history, 32, context.work.ticks(WINDOW_MINUTES));
  let [n, sum10, sum25] = [0, 0, 0];
  for (let i = 0; i < ticks; i++) {
    const at = s * history + slotOf(context.tick - i, history);
    const r10 = coarse.columns.increments[at] as number;
    const r25 = fine.columns.increments[at] as number;
    const isHot = ((coarse.columns.hotLow[s] as number) >>> i) & 1;
    if (!isHot || Number.isNaN(r10) || Number.isNaN(r25)) continue;
    n++;
    sum10 += r10;
    sum25 += r25;
  }
  const least = LEAST_GAIN * (coarse.rules[s]?.delta ?? Number.POSITIVE_INFINITY);
  const floor = fine.rules[s]?.noiseFloor ?? 0;
  return n >= FEWEST && sum10 > n * least && sum10 > COARSEST * Math.max(sum25, n * floor);
}
