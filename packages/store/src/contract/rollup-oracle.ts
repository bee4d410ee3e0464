import type { ObservedProperty, Reading } from "@hotgrid/contracts";
import type { Interval, Statistic } from "../reading-store.ts";

const HOUR_MS = 3_600_000;
/** The contract's stores have days at +08:00. */
const OFFSET_MS = 8 * HOUR_MS;
const LENGTH_MS = { raw: 1, "5m": HOUR_MS / 12, "1h": HOUR_MS, "1d": 24 * HOUR_MS } as const;

export type Points = readonly (readonly [time: number, value: number | null])[];

/** What a series must say, straight from the definition: the first reading of a station and time counts, and every
 *  bucket is computed from its readings alone. */
export function expectedSeries(
  readings: readonly Reading[],
  query: { stationId: string; property: ObservedProperty; interval: Interval; statistic: Statistic },
): Points {
  const { stationId, property, interval, statistic } = query;
  const firsts = new Map<number, Reading>();
  for (const r of readings) {
    if (r.stationId === stationId && !firsts.has(r.phenomenonTime)) firsts.set(r.phenomenonTime, r);
  }
  const length = LENGTH_MS[interval];
  const buckets = new Map<number, number[]>();
  for (const [time, { results }] of firsts) {
    const value = results[property];
    const start = Math.floor((time + OFFSET_MS) / length) * length - OFFSET_MS;
    if (value !== undefined) buckets.set(start, [...(buckets.get(start) ?? []), value]);
  }
  const points = [...buckets].map(([start, values]) => [start, statisticOf(property, statistic, values)] as const);
  return points.toSorted(([a], [b]) => a - b);
}

function statisticOf(property: ObservedProperty, statistic: Statistic, values: readonly number[]): number | null {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  if (statistic === "count") return values.length;
  if (property === "windDirection") return statistic === "mean" ? meanDirection(values, mean) : null;
  if (statistic === "min") return Math.min(...values);
  if (statistic === "max") return Math.max(...values);
  return property === "noise" ? 10 * Math.log10(mean(values.map((x) => 10 ** (x / 10)))) : mean(values);
}

function meanDirection(degrees: readonly number[], mean: (numbers: readonly number[]) => number): number | null {
  const east = mean(degrees.map((d) => Math.sin((d * Math.PI) / 180)));
  const north = mean(degrees.map((d) => Math.cos((d * Math.PI) / 180)));
  if (Math.hypot(east, north) <= 1e-6) return null;
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
}
