import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { ewma } from "../stats/decay.ts";
import type { Frame } from "./frame.ts";
import type { HourMeans } from "./hour-means.ts";

/** Hours that must have told before three days' statistics mean something. */
const DRIFT_SAMPLES = 48;
/** Spread of the background in delta, below which a ratio of spreads says nothing. Ours. */
const FEWEST_SPREAD = 1 / 3;
/** Stretches of three days' air that count as independent of each other, and how many standard errors of the slope are
 *  left to chance. Ours. */
const INDEPENDENT = 12;
const ERRORS = 2;
/** An offset may move by so much of the residuals' usual size: what differs from hour to hour may differ for days. Ours. */
const SCALE_SHARE = 0.75;

type DriftColumns = Pick<Frame, "columns" | "rules">;

/** Spread of the hourly means against the neighbours' over three days, and how far the offset has moved from where it
 *  used to be; either must last for two days (Miskell 2018, Alavi-Shoshtari 2013, design). */
export function drift(frame: Frame, s: number, own: ChannelRules, means: HourMeans | null): number {
  const { columns: c, rules, work } = frame;
  const samples = c.driftSamples[s] as number;
  if (means) {
    keepSpreads(frame, s, means);
    c.driftSamples[s] = samples + 1;
    const offset = c.offset[s] as number;
    c.offsetReference[s] =
      samples < DRIFT_SAMPLES ? offset : ewma(c.offsetReference[s] as number, offset, work.reference);
    c.driftHours[s] = isOff(frame, s, own) ? (c.driftHours[s] as number) + 1 : 0;
  }
  return (c.driftHours[s] as number) >= rules.quality.driftDays * 24 ? BIT.drift : 0;
}

function isOff(frame: Frame, s: number, own: ChannelRules): boolean {
  const { columns: c, rules, channels } = frame;
  if ((c.driftSamples[s] as number) < DRIFT_SAMPLES) return false;
  const { slope, error } = slopeOf(frame, s, own);
  const [least, most] = [rules.quality.driftSlopeMin - ERRORS * error, rules.quality.driftSlopeMax + ERRORS * error];
  // A secondary property's spread is chemistry: NO beside a road eats the ozone that the neighbours see swing.
  const steep = channels.opens && (slope < least || slope > most);
  return steep || offsetMoved(frame, s) > allowedOffset(frame, s, own);
}

/** How the station follows its background, and the standard error of that: a station's own air counts as error. NaN
 *  where the background hardly moved. */
export function slopeOf({ columns: c }: DriftColumns, s: number, own: ChannelRules): { slope: number; error: number } {
  const ofB = c.driftVarianceB[s] as number;
  if (!(Math.sqrt(ofB) > FEWEST_SPREAD * own.delta)) return { slope: Number.NaN, error: Number.NaN };
  const slope = (c.driftCovariance[s] as number) / ofB;
  const left = Math.max(0, (c.driftVarianceX[s] as number) - slope * slope * ofB);
  return { slope, error: Math.sqrt(left / (ofB * INDEPENDENT)) };
}

export const offsetMoved = ({ columns: c }: DriftColumns, s: number): number =>
  Math.abs((c.offset[s] as number) - (c.offsetReference[s] as number));

export function allowedOffset({ columns: c, rules }: DriftColumns, s: number, own: ChannelRules): number {
  const { driftOffset, driftOffsetShare } = rules.quality;
  const level = Math.max(0, c.driftMeanB[s] as number);
  return Math.max(driftOffset * own.delta, driftOffsetShare * level, SCALE_SHARE * (c.scale[s] as number));
}

function keepSpreads({ columns: c, work }: Frame, s: number, { x, background }: HourMeans): void {
  if (Number.isNaN(c.driftMeanB[s] as number)) {
    c.driftMeanB[s] = background;
    c.driftMeanX[s] = x;
  }
  const awayX = x - (c.driftMeanX[s] as number);
  const awayB = background - (c.driftMeanB[s] as number);
  c.driftMeanX[s] = (c.driftMeanX[s] as number) + work.drift * awayX;
  c.driftMeanB[s] = (c.driftMeanB[s] as number) + work.drift * awayB;
  c.driftCovariance[s] = ewma(c.driftCovariance[s] as number, awayX * awayB, work.drift);
  c.driftVarianceX[s] = ewma(c.driftVarianceX[s] as number, awayX * awayX, work.drift);
  c.driftVarianceB[s] = ewma(c.driftVarianceB[s] as number, awayB * awayB, work.drift);
}
