import type { RollupInterval } from "../reading-store.ts";

const MINUTE_MS = 60_000;

/** Lengths in ms. A day is 24 h: the offset of a city is fixed (China has no daylight saving time). */
export const BUCKET_MS: Readonly<Record<RollupInterval, number>> = {
  "5m": 5 * MINUTE_MS,
  "1h": 60 * MINUTE_MS,
  "1d": 24 * 60 * MINUTE_MS,
};

/** Start of the bucket that holds `time`, all in epoch ms; buckets begin at whole hours and days of the offset. */
export const bucketStart = (interval: RollupInterval, time: number, offsetMs: number): number =>
  Math.floor((time + offsetMs) / BUCKET_MS[interval]) * BUCKET_MS[interval] - offsetMs;

/** "+08:00" in ms. Throws for what no place on earth has: buckets need a multiple of 5 minutes. */
export function utcOffsetMs(offset: string): number {
  const match = /^([+-])(0\d|1[0-4]):([0-5][05])$/.exec(offset);
  if (match === null) throw new Error(`${offset} is not a UTC offset such as +08:00`);
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === "-" ? -minutes : minutes) * MINUTE_MS;
}
