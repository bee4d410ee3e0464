import { OBSERVED_PROPERTIES } from "@hotgrid/contracts";
import type { Series, SeriesQuery } from "../reading-store.ts";
import { BUCKET_MS, bucketStart } from "../sqlite-readings/time-buckets.ts";
import type { InfluxConnection, InfluxRow } from "./influx-connection.ts";
import { bucketsOf, daysOf } from "./influx-rollups.ts";
import { columns, MEASUREMENTS, ofStation, READINGS, within } from "./influx-schema.ts";
import { fieldsFor, statisticOf } from "./rollup-fields.ts";

/** Rows of one answer, whatever the caller asks: as the embedded store. */
const MAX_ROWS = 50_000;

/** @param horizon raw readings before it are gone, or about to be: epoch ms */
export async function readSeries(
  connection: InfluxConnection,
  query: SeriesQuery,
  horizon: number,
  offsetMs: number,
): Promise<Series> {
  const properties = OBSERVED_PROPERTIES.filter((p) => query.properties.includes(p));
  if (properties.length === 0) return { times: [], properties: {}, truncated: false };
  const limit = Math.max(1, Math.min(query.limit, MAX_ROWS));
  const { interval, statistic = "mean" } = query;
  const rows = await (interval === "raw"
    ? rawRows(connection, query, properties, horizon, limit + 1)
    : rollupRows(
        connection,
        { ...query, interval },
        properties.flatMap((p) => fieldsFor(p, statistic)),
        limit + 1,
        offsetMs,
      ));
  const valuesOf = (row: InfluxRow) =>
    properties.map((p) => (interval === "raw" ? row.fields[p] : statisticOf(p, statistic, row.fields)));
  const measured = rows
    .map((row) => ({ time: row.time, values: valuesOf(row) }))
    .filter(({ values }) => values.some((value) => value !== undefined));
  const shown = measured.slice(0, limit);
  const series = properties.map((p, i) => [p, shown.map(({ values }) => values[i] ?? null)] as const);
  return {
    times: shown.map(({ time }) => time),
    properties: Object.fromEntries(series.filter(([, values]) => values.some((value) => value !== null))),
    truncated: measured.length > limit,
  };
}

async function rawRows(
  connection: InfluxConnection,
  { stationId, from, to }: SeriesQuery,
  properties: readonly string[],
  horizon: number,
  limit: number,
): Promise<readonly InfluxRow[]> {
  const range = within(stationId, Math.max(from, horizon), to);
  const [rows = []] = await connection.query([
    `SELECT ${columns(properties)} FROM ${MEASUREMENTS.raw} WHERE ${range} ORDER BY time LIMIT ${limit}`,
  ]);
  return rows;
}

/** What is stored, and in its place what the newest hour's readings say now. */
async function rollupRows(
  connection: InfluxConnection,
  query: SeriesQuery & { readonly interval: keyof typeof BUCKET_MS },
  fields: readonly string[],
  limit: number,
  offsetMs: number,
): Promise<readonly InfluxRow[]> {
  const { stationId: station, interval, from, to } = query;
  const [stored = [], [newest]] = (await connection.query([
    `SELECT ${columns(fields)} FROM ${MEASUREMENTS[interval]} WHERE ${within(station, from, to)} ORDER BY time LIMIT ${limit}`,
    `SELECT ${READINGS} FROM ${MEASUREMENTS.raw} WHERE ${ofStation(station)} ORDER BY time DESC LIMIT 1`,
  ])) as [InfluxRow[], InfluxRow[]];
  if (newest === undefined) return stored;
  const open = bucketStart("1h", newest.time, offsetMs);
  const [raw = []] = await connection.query([
    `SELECT * FROM ${MEASUREMENTS.raw} WHERE ${within(station, open, open + BUCKET_MS["1h"])}`,
  ]);
  const { fiveMinutes, hours } = bucketsOf(station, raw, offsetMs);
  const fresh = interval === "5m" ? fiveMinutes : interval === "1h" ? hours : await daysOf(connection, hours, offsetMs);
  const rows = new Map(stored.map((row) => [row.time, row]));
  for (const row of fresh) if (row.time >= from && row.time < to) rows.set(row.time, row);
  return [...rows.values()].toSorted((a, b) => a.time - b.time).slice(0, limit);
}
