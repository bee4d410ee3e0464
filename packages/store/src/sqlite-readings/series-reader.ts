import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { OBSERVED_PROPERTIES, type ObservedProperty, type StationId } from "@hotgrid/contracts";
import type { LatestReading, Series, SeriesQuery } from "../reading-store.ts";
import { ROLLUP_TABLES } from "./reading-schema.ts";
import { statisticOf } from "./rollup-columns.ts";

/** Rows of one answer, whatever the caller asks. Ours: 35 days of minutes, and some 10 MB with every property. */
const MAX_ROWS = 50_000;

export function readSeries(sqlite: DatabaseSync, station: number, query: SeriesQuery): Series {
  const properties = OBSERVED_PROPERTIES.filter((p) => query.properties.includes(p));
  if (properties.length === 0) return { times: [], properties: {}, truncated: false };
  const limit = Math.max(1, Math.min(query.limit, MAX_ROWS));
  const statement = sqlite.prepare(seriesSql(query, properties));
  statement.setReturnArrays(true);
  // With setReturnArrays(true) rows are arrays in the order of the columns, which the type does not know.
  const rows = statement.all(station, query.from, query.to, limit + 1) as unknown as SQLOutputValue[][];
  const truncated = rows.length > limit;
  if (truncated) rows.length = limit;
  const columns = properties.map((p, i) => [p, rows.map((row) => numberOrNull(row[i + 1]))] as const);
  return {
    times: rows.map((row) => Number(row[0])),
    properties: Object.fromEntries(columns.filter(([, values]) => values.some((value) => value !== null))),
    truncated,
  };
}

function seriesSql({ interval, statistic = "mean" }: SeriesQuery, properties: readonly ObservedProperty[]): string {
  const raw = interval === "raw";
  const values = properties.map((p) => (raw ? p : statisticOf(p, statistic)));
  const measured = properties.map((p) => (raw ? `${p} IS NOT NULL` : `${p}_n > 0`));
  return `SELECT at, ${values.join(", ")} FROM ${raw ? "raw" : ROLLUP_TABLES[interval]}
    WHERE station = ? AND at >= ? AND at < ? AND (${measured.join(" OR ")}) ORDER BY at LIMIT ?`;
}

/** CROSS JOIN keeps the stations outside: one seek for each, and not a scan of everything. */
export function readLatest(sqlite: DatabaseSync): ReadonlyMap<StationId, LatestReading> {
  const rows = sqlite
    .prepare(`SELECT name, raw.* FROM station CROSS JOIN raw
      ON raw.station = station.id AND raw.at = (SELECT max(at) FROM raw WHERE station = station.id)`)
    .all();
  return new Map(
    rows.map((row) => {
      const measured = OBSERVED_PROPERTIES.filter((p) => row[p] !== null).map((p) => [p, Number(row[p])]);
      return [String(row["name"]), { phenomenonTime: Number(row["at"]), results: Object.fromEntries(measured) }];
    }),
  );
}

const numberOrNull = (value: SQLOutputValue | undefined): number | null => (typeof value === "number" ? value : null);
