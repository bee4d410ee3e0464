import { FAIL, SUSPECT } from "../quality/flags.ts";
import { aboveLimits, grossRange, rateOfChange, spikeHeight } from "../quality/point-tests.ts";
import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import type { Frame } from "./frame.ts";

/** Longest reporting interval at which a spike or a rate per minute still says something. min, ours. */
const POINTWISE_MINUTES = 10;
/** What the firmware of laser counters reports when the fan stands (SDS011, PMS series), µg/m³. */
const FAN_PLATEAUS = [999, 1999] as const;

export function rangeTests({ channels }: Frame, x: number, own: ChannelRules): number {
  if (channels.family === "particles") {
    for (const plateau of FAN_PLATEAUS) if (x >= plateau && x < plateau + 1) return BIT["fan-failure"];
  }
  const flag = grossRange(x, own.rangeMin, own.rangeMax, own.rangeMin, own.suspectAbove);
  if (flag === FAIL && x < own.rangeMin) return BIT.negative;
  return flag === FAIL ? BIT.range : flag === SUSPECT ? BIT["range-suspect"] : 0;
}

/** Spike and rate mark only, however high: a real plume looks like a spike. The mark stays a while. */
export function pointTests(
  { columns: c, tick, rules, work }: Frame,
  s: number,
  x: number,
  ticks: number,
  own: ChannelRules,
): number {
  const elapsed = ticks * work.shape.tickMinutes;
  if (elapsed <= POINTWISE_MINUTES) {
    const hold = tick + work.ticks(rules.quality.holdMinutes);
    const last = c.last[s] as number;
    const spike = aboveLimits(spikeHeight(c.beforeLast[s] as number, last, x), own.spikeSuspect, own.spikeFail);
    if (spike >= SUSPECT) c.spikeUntil[s] = hold;
    if (rateOfChange(last, x, elapsed) > own.ratePerMinute) c.rateUntil[s] = hold;
  }
  return (tick <= (c.spikeUntil[s] as number) ? BIT.spike : 0) | (tick <= (c.rateUntil[s] as number) ? BIT.rate : 0);
}
