import { z } from "zod";
import { concentration, parameter } from "./parameter.ts";

/** What a property's sensor shares with others: two properties of one family are one witness, not two. A laser counter
 *  that a spider walked into raises PM2.5 and PM10 together. */
const FAMILIES = ["particles", "no2", "so2", "co", "o3", "tvoc", "nh3", "h2s"] as const;
export const Family = z.enum(FAMILIES);
export type Family = z.infer<typeof Family>;

/** Parameters that an override may change for some stations, divisions or months. */
export const CHANNEL_PARAMETERS = {
  /** Quality control: outside [rangeMin, rangeMax] fails, above suspectAbove is suspect. */
  rangeMin: concentration(-1000, 0),
  rangeMax: concentration(0, 100_000),
  suspectAbove: concentration(0, 100_000),
  /** QARTOD spike test, average form. */
  spikeSuspect: concentration(0, 100_000),
  spikeFail: concentration(0, 100_000),
  /** Change per minute. */
  ratePerMinute: concentration(0, 100_000),
  flatSuspectMinutes: parameter("min", 1, 1440),
  flatFailMinutes: parameter("min", 1, 1440),
  /** Values that differ by less are the same to the flat-line test. */
  flatTolerance: concentration(0, 1000),
  /** Smallest increment worth a person's walk, the unit of most other thresholds. */
  delta: concentration(0, 10_000),
  /** Floor of the scale: what two sound sensors differ by in clean air. */
  noiseFloor: concentration(0, 1000),
  /** Peak excess from which an episode is orange, and red. */
  orangeExcess: concentration(0, 100_000),
  redExcess: concentration(0, 100_000),
} as const;
export type ChannelParameter = keyof typeof CHANNEL_PARAMETERS;
export const CHANNEL_PARAMETER_NAMES = Object.keys(CHANNEL_PARAMETERS) as ChannelParameter[];

export const PropertyRules = z.strictObject({
  family: Family,
  /** A secondary property supports an episode and never opens one (O3 forms on the way, far from its source). */
  role: z.enum(["primary", "secondary"]),
  ...CHANNEL_PARAMETERS,
});
export type PropertyRules = z.infer<typeof PropertyRules>;
