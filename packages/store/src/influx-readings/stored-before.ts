import type { Reading, StationId } from "@hotgrid/contracts";
import { bucketStart } from "../sqlite-readings/time-buckets.ts";
import type { InfluxConnection } from "./influx-connection.ts";
import { MEASUREMENTS, ofStation, READINGS, within } from "./influx-schema.ts";

type ByStation = ReadonlyMap<StationId, readonly Reading[]>;

/** The newest reading of each of these stations, epoch ms; undefined where it never reported. */
export async function newestStored(
  connection: InfluxConnection,
  stations: readonly StationId[],
): Promise<readonly (readonly [StationId, number | undefined])[]> {
  const answers = await connection.query(stations.map((station) => lastReading(ofStation(station))));
  return stations.map((station, i) => [station, answers[i]?.[0]?.time]);
}

/** Those of these readings that the server has. */
export async function copiesAmong(connection: InfluxConnection, readings: ByStation): Promise<ReadonlySet<Reading>> {
  const groups = [...readings].filter(([, its]) => its.length > 0);
  const answers = await connection.query(
    groups.map(([station, its]) => {
      const times = its.map(({ phenomenonTime }) => phenomenonTime);
      const [from, to] = times.reduce(([a, b], time) => [Math.min(a, time), Math.max(b, time)], [Infinity, -Infinity]);
      return `SELECT ${READINGS} FROM ${MEASUREMENTS.raw} WHERE ${within(station, from, to + 1)}`;
    }),
  );
  const copies = groups.flatMap(([, its], i) => {
    const times = new Set((answers[i] ?? []).map(({ time }) => time));
    return its.filter(({ phenomenonTime }) => times.has(phenomenonTime));
  });
  return new Set(copies);
}

/** The last reading before each hour that has copies, epoch ms by station: a copy may be the one that had ended that
 *  reading's hour, and the process that wrote it may have died before it rolled the hour up. */
export async function closedBefore(
  connection: InfluxConnection,
  copies: ReadonlySet<Reading>,
  offsetMs: number,
): Promise<ReadonlyMap<StationId, readonly number[]>> {
  const asked = [...Map.groupBy(copies, ({ stationId }) => stationId)].flatMap(([station, its]) => {
    const hours = new Set(its.map(({ phenomenonTime }) => bucketStart("1h", phenomenonTime, offsetMs)));
    return [...hours].map((hour) => ({ station, hour }));
  });
  const answers = await connection.query(
    asked.map(({ station, hour }) => lastReading(`${ofStation(station)} AND time < ${hour}ms`)),
  );
  const closed = new Map<StationId, number[]>();
  for (const [i, { station }] of asked.entries()) {
    const time = answers[i]?.[0]?.time;
    if (time !== undefined) closed.set(station, [...(closed.get(station) ?? []), time]);
  }
  return closed;
}

const lastReading = (condition: string): string =>
  `SELECT ${READINGS} FROM ${MEASUREMENTS.raw} WHERE ${condition} ORDER BY time DESC LIMIT 1`;
