import type { DatabaseSync } from "node:sqlite";
import type { HourlyMeans, HourlyMeansQuery } from "../reading-store.ts";
import { ROLLUP_TABLES } from "./reading-schema.ts";
import { statisticOf } from "./rollup-columns.ts";

/** Answers one station by the store's number after the other: a seek and a walk along its hours each. */
export function hourlyMeansReader(sqlite: DatabaseSync, { property, from, to }: HourlyMeansQuery) {
  const statement = sqlite.prepare(`SELECT count(*) AS hours, avg(${statisticOf(property, "mean")}) AS mean
    FROM ${ROLLUP_TABLES["1h"]} WHERE station = ? AND at >= ? AND at < ? AND ${property}_n >= ?`);
  return (station: number, least: number): HourlyMeans | undefined => {
    const { hours, mean } = statement.get(station, from, to, Math.max(1, least)) ?? {};
    return typeof hours === "number" && typeof mean === "number" ? { hours, mean } : undefined;
  };
}
