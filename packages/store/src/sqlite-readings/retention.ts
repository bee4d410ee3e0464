import type { DatabaseSync } from "node:sqlite";
import type { Interval, RollupInterval } from "../reading-store.ts";
import { ROLLUP_TABLES } from "./reading-schema.ts";

const DAY_MS = 86_400_000;

/** How long each interval is kept, ms. */
export type Retention = Readonly<Record<Interval, number>>;

/** Ours: raw for the season's appeals and backtests, an hour's mean for the five-year plan, days for ever. */
export const DEFAULT_RETENTION: Retention = {
  raw: 90 * DAY_MS,
  "5m": 365 * DAY_MS,
  "1h": 5 * 365 * DAY_MS,
  "1d": Number.POSITIVE_INFINITY,
};

/** A late reading rolls its hour up again from the finer rows, so that finer rows may not outlive coarser ones. */
export function checkRetention(retention: Retention): void {
  const { raw, "5m": fiveMinutes, "1h": hour, "1d": day } = retention;
  if (raw >= DAY_MS && raw <= fiveMinutes && fiveMinutes <= hour && hour <= day) return;
  throw new Error("retention: at least a day, and raw <= 5m <= 1h <= 1d");
}

/** Raw readings of a station before `before`, except its latest: a station that fell silent keeps it. */
export function removeRaw(sqlite: DatabaseSync, station: number, before: number): void {
  sqlite
    .prepare(`DELETE FROM raw WHERE station = ?1 AND at < ?2
      AND at < (SELECT max(at) FROM raw WHERE station = ?1)`)
    .run(station, before);
}

export function removeRollups(sqlite: DatabaseSync, interval: RollupInterval, station: number, before: number): void {
  sqlite.prepare(`DELETE FROM ${ROLLUP_TABLES[interval]} WHERE station = ? AND at < ?`).run(station, before);
}
