import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { NEVER } from "../state/columns.ts";
import { ewma } from "../stats/decay.ts";
import type { Frame } from "./frame.ts";
import type { HourMeans } from "./hour-means.ts";

const DAY_MINUTES = 1440;
/** A day of samples before a mean of a day means something. */
const BIAS_DAYS = 1;

/** Mean of about a day of what is left after offset and gain, against the background of the same hours. */
export function bias(frame: Frame, s: number, own: ChannelRules, means: HourMeans | null): number {
  const { columns: c, work } = frame;
  if (means) {
    const before = c.biasBackground[s] as number;
    c.biasBackground[s] = Number.isNaN(before) ? means.background : ewma(before, means.background, work.bias);
    c.bias[s] = ewma(c.bias[s] as number, means.residual, work.bias);
  }
  if (daysOf(frame, s) < BIAS_DAYS) return 0;
  return Math.abs(c.bias[s] as number) > allowedBias(frame, s, own) ? BIT.bias : 0;
}

export function allowedBias(
  { columns: c, rules }: Pick<Frame, "columns" | "rules">,
  s: number,
  own: ChannelRules,
): number {
  const background = c.biasBackground[s] as number;
  return Math.max(own.delta, rules.quality.biasShare * (Number.isNaN(background) ? 0 : background));
}

/** Days since the channel's first value. */
function daysOf({ columns, tick, work }: Frame, s: number): number {
  const first = columns.firstTick[s] as number;
  return first === NEVER ? 0 : ((tick - first) * work.shape.tickMinutes) / DAY_MINUTES;
}
