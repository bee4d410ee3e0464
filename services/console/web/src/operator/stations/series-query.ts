import type { ObservedProperty, ReadingSeries } from "@hotgrid/contracts";
import type { CityTime } from "../../time/city-time.ts";

const DAY_MS = 86_400_000;

export const RANGES = { "24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS } as const;
export type Range = keyof typeof RANGES;
export type Interval = Exclude<ReadingSeries["interval"], "1d">;

/** Intervals worth drawing for a range, the usual one first: a thousand points to the width of a screen, and no longer
 *  than the API answers at once. */
export const INTERVALS: Readonly<Record<Range, readonly Interval[]>> = {
  "24h": ["raw", "5m", "1h"],
  "7d": ["1h", "5m", "raw"],
  "30d": ["1h", "5m"],
};

export interface SeriesChoice {
  readonly range: Range;
  readonly interval: Interval;
  readonly properties: readonly ObservedProperty[];
}

/** Path below /api/v1, up to `now` (epoch ms by the server's clock). */
export function seriesPath(stationId: string, choice: SeriesChoice, now: number, time: CityTime): string {
  const query = new URLSearchParams({
    from: time.iso(now - RANGES[choice.range]),
    to: time.iso(now + 1000),
    interval: choice.interval,
    properties: choice.properties.join(","),
  });
  return `/stations/${encodeURIComponent(stationId)}/readings?${query}`;
}
