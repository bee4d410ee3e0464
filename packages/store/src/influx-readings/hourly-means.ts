import type { StationId } from "@hotgrid/contracts";
import type { HourlyMeans, HourlyMeansQuery, LatestReading } from "../reading-store.ts";
import { BUCKET_MS, bucketStart } from "../sqlite-readings/time-buckets.ts";
import type { InfluxConnection, InfluxRow } from "./influx-connection.ts";
import { bucketsOf } from "./influx-rollups.ts";
import { MEASUREMENTS, ofStation, within } from "./influx-schema.ts";
import { meanField, statisticOf } from "./rollup-fields.ts";

/** Stations of one request that are asked for one by one. Ours. */
const STATIONS_AT_ONCE = 100;

type Asked = HourlyMeansQuery["stations"][number];

/** The server averages what is rolled up: a line for each station instead of a line for each hour. The hour that a
 *  station wrote to last is not rolled up, or not anew: such a station is asked for apart, with that hour's readings.
 *  @param latest of every station */
export async function readHourlyMeans(
  connection: InfluxConnection,
  query: HourlyMeansQuery,
  latest: ReadonlyMap<StationId, LatestReading>,
  offsetMs: number,
): Promise<ReadonlyMap<StationId, HourlyMeans>> {
  const openHour = ({ stationId }: Asked): number | undefined => {
    const newest = latest.get(stationId)?.phenomenonTime;
    const hour = newest === undefined ? undefined : bucketStart("1h", newest, offsetMs);
    return hour !== undefined && hour >= query.from && hour < query.to ? hour : undefined;
  };
  const open = query.stations.flatMap((asked) => {
    const hour = openHour(asked);
    return hour === undefined ? [] : [{ ...asked, hour }];
  });
  const closed = query.stations.filter((asked) => openHour(asked) === undefined);
  return new Map([
    ...(await closedMeans(connection, query, closed)),
    ...(await openMeans(connection, query, open, offsetMs)),
  ]);
}

async function closedMeans(connection: InfluxConnection, query: HourlyMeansQuery, stations: readonly Asked[]) {
  const groups = [...Map.groupBy(stations, ({ least }) => least)];
  const answers = await connection.query(groups.map(([least]) => meansOf({ ...query, least })));
  const means: [StationId, HourlyMeans][] = [];
  for (const [i, [, group]] of groups.entries()) {
    const rows = new Map(answers[i]?.map((row) => [row.station, row]));
    for (const { stationId } of group) {
      const found = hourlyMeans(rows.get(stationId));
      if (found) means.push([stationId, found]);
    }
  }
  return means;
}

async function openMeans(
  connection: InfluxConnection,
  query: HourlyMeansQuery,
  stations: readonly (Asked & { readonly hour: number })[],
  offsetMs: number,
) {
  const means: [StationId, HourlyMeans][] = [];
  for (let start = 0; start < stations.length; start += STATIONS_AT_ONCE) {
    const part = stations.slice(start, start + STATIONS_AT_ONCE);
    const answers = await connection.query([
      ...part.map(({ stationId, least, hour }) => meansOf({ ...query, least, to: hour }, stationId)),
      ...part.map(
        ({ stationId, hour }) =>
          `SELECT * FROM ${MEASUREMENTS.raw} WHERE ${within(stationId, hour, hour + BUCKET_MS["1h"])}`,
      ),
    ]);
    for (const [i, { stationId, least }] of part.entries()) {
      const before = hourlyMeans(answers[i]?.[0]);
      const [bucket] = bucketsOf(stationId, answers[part.length + i] ?? [], offsetMs).hours;
      const count = bucket && statisticOf(query.property, "count", bucket.fields);
      const last = bucket && statisticOf(query.property, "mean", bucket.fields);
      const found = typeof last === "number" && (count ?? 0) >= least ? withOneMore(before, last) : before;
      if (found) means.push([stationId, found]);
    }
  }
  return means;
}

/** Of every station in which there is such an hour, or of one. */
function meansOf({ property, from, to, least }: HourlyMeansQuery & { readonly least: number }, station?: StationId) {
  const field = meanField(property);
  const span = `time >= ${from}ms AND time < ${to}ms AND "${property}_n" >= ${Math.max(1, least)}`;
  const whose = station === undefined ? "" : ` AND ${ofStation(station)}`;
  return `SELECT count("${field}") AS "hours", mean("${field}") AS "mean" FROM ${MEASUREMENTS["1h"]}
    WHERE ${span}${whose} GROUP BY "station"`;
}

function hourlyMeans(row: InfluxRow | undefined): HourlyMeans | undefined {
  const { hours, mean } = row?.fields ?? {};
  return hours !== undefined && mean !== undefined ? { hours, mean } : undefined;
}

const withOneMore = (before: HourlyMeans | undefined, value: number): HourlyMeans =>
  before === undefined
    ? { hours: 1, mean: value }
    : { hours: before.hours + 1, mean: (before.mean * before.hours + value) / (before.hours + 1) };
