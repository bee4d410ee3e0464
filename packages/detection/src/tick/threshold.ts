import type { ChannelRules } from "../rules/channel-rules.ts";
import { NEVER } from "../state/columns.ts";
import type { Frame } from "./frame.ts";

/** Which term set the threshold D: the column `term` is an index into this list. */
export const THRESHOLD_TERMS = ["smallest-increment", "share-of-background", "background-rise"] as const;

/** Trend that noise alone makes of a background, delta a minute (0.1 µg/m³ of PM2.5). Ours. */
const CALM_TREND = 1 / 150;
const DAY_MS = 86_400_000;

/** Practical threshold D = max(delta, 0.25 B, 0.5 (B - Bslow)+) + 30 min |dB/dt|, wider while the station is young and
 *  where its neighbours are far. */
export function thresholdOf(
  frame: Frame,
  s: number,
  background: number,
  climbed: number,
  trend: number,
  own: ChannelRules,
): number {
  const { decision } = frame.rules;
  const share = decision.thresholdShare * background;
  const rise = decision.thresholdRiseShare * climbed;
  const top = Math.max(own.delta, share, rise);
  frame.columns.term[s] = top === own.delta ? 0 : top === share ? 1 : 2;
  const factor = youth(frame, s) * (frame.network.remoteness[s] as number);
  const moving = Math.max(0, trend - CALM_TREND * own.delta);
  return factor * (top + decision.thresholdMinutesOfTrend * moving);
}

function youth({ columns, tick, rules, work }: Frame, s: number): number {
  const first = columns.firstTick[s] as number;
  const young = first === NEVER || (tick - first) * work.shape.tickMs < rules.coldStart.learningDays * DAY_MS;
  return young ? rules.coldStart.learningFactor : 1;
}
