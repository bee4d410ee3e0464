import type { Reading, StationId } from "@hotgrid/contracts";
import { BUCKET_MS, bucketStart } from "../sqlite-readings/time-buckets.ts";
import type { HourRange } from "./influx-rollups.ts";

/** Readings of a batch by station, each time once: the first one counts. */
export function firstsOf(readings: readonly Reading[]): ReadonlyMap<StationId, readonly Reading[]> {
  const firsts = new Map<StationId, Map<number, Reading>>();
  for (const reading of readings) {
    const its = firsts.get(reading.stationId) ?? new Map<number, Reading>();
    firsts.set(reading.stationId, its);
    if (!its.has(reading.phenomenonTime)) its.set(reading.phenomenonTime, reading);
  }
  return new Map([...firsts].map(([station, its]) => [station, [...its.values()]]));
}

/** Of one station in one batch. Times are epoch ms. */
export interface StationAppend {
  readonly station: StationId;
  /** Newest reading before the batch. */
  readonly before: number | undefined;
  /** Of every reading of the batch, new or a copy of what is stored. */
  readonly times: readonly number[];
  /** Last readings before the hours that have copies, which may have ended those readings' hours. */
  readonly closed: readonly number[];
}

/** The station's newest reading after the batch. */
export const newestOf = ({ before, times }: StationAppend): number =>
  times.reduce((a, b) => Math.max(a, b), before ?? times[0] ?? 0);

/** Hours whose rollups are out of date once the batch is written. The hour of the newest reading is left out: whoever
 *  asks for it computes it, and the reading that ends it makes it final, so that an hour of sixty readings is rolled up
 *  once. What was written and not rolled up because a process ended in between comes again from the log as copies,
 *  which ask for the same hours. */
export function hoursToRollUp(append: StationAppend, offsetMs: number): readonly HourRange[] {
  const { station, before, times, closed } = append;
  const hourOf = (time: number) => bucketStart("1h", time, offsetMs);
  const newest = newestOf(append);
  const open = hourOf(newest);
  const hours = new Set([...times, ...closed].map(hourOf).filter((hour) => hour < open));
  const ranges = [...hours].map((hour) => ({ from: hour, to: hour + BUCKET_MS["1h"] }));
  // Others may have written the hours in between.
  if (before !== undefined && hourOf(before) < open) ranges.push({ from: hourOf(before), to: open });
  const openDay = bucketStart("1d", newest, offsetMs);
  return joined(ranges).map((range) => ({ station, openDay, ...range }));
}

/** Ranges that touch or overlap become one. */
function joined(ranges: readonly { from: number; to: number }[]): readonly { from: number; to: number }[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}
