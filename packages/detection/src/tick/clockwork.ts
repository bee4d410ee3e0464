import type { DetectionRules } from "../rules/detection-rules.ts";
import type { Shape } from "../state/shape.ts";
import { alphaOfHalfLife, alphaOfMemory } from "../stats/decay.ts";

const DAY_MINUTES = 1440;
/** Memory of the noise test, min; ours: gusts of smoke must be forgotten within the 90 minutes that noise must last. */
const NOISE_MEMORY_MINUTES = 30;
/** Differences that the noise test remembers at least, however slow the network. Ours. */
const FEWEST_NOISE = 30;
/** Half-life of the bias, min: the mean of about a day. */
const BIAS_HALF_LIFE_MINUTES = 0.5 * DAY_MINUTES;
/** Half-life of the drift statistics, min: a memory of 72 h (Alavi-Shoshtari) is a half-life of 50 h. */
const DRIFT_HALF_LIFE_MINUTES = 72 * 60 * Math.LN2;
/** Half-life of the offset that drift is measured against, min: a month. Ours. */
const REFERENCE_HALF_LIFE_MINUTES = 30 * DAY_MINUTES;

/** Durations and decay constants in ticks, computed once. */
export interface Clockwork {
  readonly shape: Shape;
  ticks(minutes: number): number;
  readonly slow: number;
  readonly noise: number;
  /** These three by the hour. */
  readonly bias: number;
  readonly drift: number;
  readonly reference: number;
  readonly gain: number;
  readonly offset: number;
  readonly scale: number;
  readonly evidence: number;
}

export function clockwork(shape: Shape, rules: DetectionRules): Clockwork {
  const half = (minutes: number) => alphaOfHalfLife(minutes, shape.tickMinutes);
  const hourly = (minutes: number) => alphaOfHalfLife(minutes, 60);
  const { increment } = rules;
  return {
    shape,
    ticks: (minutes) => Math.max(1, Math.ceil(minutes / shape.tickMinutes)),
    slow: half(rules.background.slowHalfLifeMinutes),
    noise: alphaOfMemory(Math.max(NOISE_MEMORY_MINUTES, FEWEST_NOISE * shape.tickMinutes), shape.tickMinutes),
    bias: hourly(BIAS_HALF_LIFE_MINUTES),
    drift: hourly(DRIFT_HALF_LIFE_MINUTES),
    reference: hourly(REFERENCE_HALF_LIFE_MINUTES),
    gain: half(increment.gainHalfLifeDays * DAY_MINUTES),
    offset: half(increment.offsetHalfLifeDays * DAY_MINUTES),
    scale: half(increment.scaleHalfLifeDays * DAY_MINUTES),
    evidence: alphaOfMemory(rules.decision.memoryMinutes, shape.tickMinutes),
  };
}
