import { NOT_DECIDING } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { NEVER } from "../state/columns.ts";
import { ewma } from "../stats/decay.ts";
import type { Frame } from "./frame.ts";
import { isSaturated } from "./pattern.ts";

const HOUR_MS = 3_600_000;
/** Minutes that an hour's own offset must have seen before it counts half: three hours of three days. Ours. */
const HOUR_PRIOR_MINUTES = 180;
/** Hourly offsets forget after so many minutes of their hour (14 days of one hour a day). Ours. */
const HOUR_MEMORY_MINUTES = 840;
/** Updates are clipped at so many sigma, so that what slipped in teaches little. Ours. */
const CLIPPED_SIGMA = 4;
/** Mean absolute deviation of normal scatter times this is its standard deviation. */
const ABSOLUTE_TO_SIGMA = 1.2533;
/** Prior variance that shrinks the gain to 1, in squares of delta: (10 µg/m³)² for PM2.5. Ours. */
const GAIN_PRIOR = (10 / 15) ** 2;

/** Offsets, scale and gain, from calm minutes only: |z| < calmZ, no open episode, no test that speaks. In the first
 *  hours everything teaches, since there is nothing yet to call a minute calm by. */
export function learn(
  frame: Frame,
  s: number,
  background: number,
  residual: number,
  floor: number,
  own: ChannelRules,
): void {
  const { columns: c, rules, work } = frame;
  if ((c.tests[s] as number) & ~NOT_DECIDING || c.inEpisode[s]) return;
  if (!isYoung(frame, s) && Math.abs(c.z[s] as number) >= rules.increment.calmZ) return;
  const samples = (c.samples[s] as number) + 1;
  c.samples[s] = samples;
  const limit = CLIPPED_SIGMA * Math.max(c.sigma[s] as number, own.delta);
  const error = Math.max(-limit, Math.min(limit, residual));
  if (!isSaturated(frame, s, Math.max(0, background), own, error)) learnOffset(frame, s, error, samples);
  // Until the offset is known, errors measure the offset and not the scatter.
  const deviation = Math.min(Math.abs(error), CLIPPED_SIGMA * floor) * ABSOLUTE_TO_SIGMA;
  c.scale[s] = ewma(c.scale[s] as number, deviation, Math.max(work.scale, 1 / (samples + 1)));
  learnGain(frame, s, background, residual, samples, own);
}

function isYoung({ columns, tick, work, rules }: Frame, s: number): boolean {
  const first = columns.firstTick[s] as number;
  return first === NEVER || (tick - first) * work.shape.tickMs < rules.coldStart.silentHours * HOUR_MS;
}

function learnOffset({ columns: c, hour, work }: Frame, s: number, error: number, samples: number): void {
  c.offset[s] = (c.offset[s] as number) + Math.max(work.offset, 1 / (samples + 1)) * error;
  const at = s * 24 + hour;
  const minutes = Math.min(HOUR_MEMORY_MINUTES, (c.hourSamples[at] as number) + work.shape.tickMinutes);
  c.hourSamples[at] = minutes;
  c.hourOffsets[at] = (c.hourOffsets[at] as number) + (work.shape.tickMinutes / (minutes + HOUR_PRIOR_MINUTES)) * error;
}

/** Regression of the station on its background, shrunk to 1 while the background has moved little. */
function learnGain(
  { columns: c, rules, work }: Frame,
  s: number,
  background: number,
  residual: number,
  samples: number,
  own: ChannelRules,
): void {
  if (Number.isNaN(c.gainMeanB[s] as number)) c.gainMeanB[s] = background;
  const alpha = Math.max(work.gain, 1 / (samples + 1));
  const away = background - (c.gainMeanB[s] as number);
  // What the station shows around its own mean: the background's part as now believed, and what is left over.
  const shown = (c.gain[s] as number) * away + residual;
  c.gainMeanB[s] = ewma(c.gainMeanB[s] as number, background, alpha);
  c.gainVariance[s] = ewma(c.gainVariance[s] as number, away * away, alpha);
  c.gainCovariance[s] = ewma(c.gainCovariance[s] as number, away * shown, alpha);
  const prior = GAIN_PRIOR * own.delta * own.delta;
  const gain = ((c.gainCovariance[s] as number) + prior) / ((c.gainVariance[s] as number) + prior);
  c.gain[s] = Math.max(rules.increment.gainMin, Math.min(rules.increment.gainMax, gain));
}
