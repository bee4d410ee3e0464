import type { StationId } from "@hotgrid/contracts";
import { BUCKET_MS, bucketStart } from "../sqlite-readings/time-buckets.ts";
import type { InfluxConnection, InfluxRow } from "./influx-connection.ts";
import { MEASUREMENTS, pointLine, within } from "./influx-schema.ts";
import { combineRollups, type RollupFields, rollUpReadings, withMeans } from "./rollup-fields.ts";

/** Whole hours of one station: from inclusive, to exclusive, epoch ms. */
export interface HourRange {
  readonly station: StationId;
  readonly from: number;
  readonly to: number;
}

/** One interval of a station, rolled up. */
interface Bucket {
  readonly station: StationId;
  readonly time: number;
  readonly fields: RollupFields;
}

/** Ranges of one request. Ours: a hundred hours of a reading a minute are 1 MB of JSON. */
const RANGES_AT_ONCE = 100;

/** Computes the rollups of these hours, and of the days that they are in, again from what they are made of. */
export async function rollUpHours(
  connection: InfluxConnection,
  ranges: readonly HourRange[],
  offsetMs: number,
): Promise<void> {
  for (let start = 0; start < ranges.length; start += RANGES_AT_ONCE) {
    const part = ranges.slice(start, start + RANGES_AT_ONCE);
    const raw = await connection.query(
      part.map(({ station, from, to }) => `SELECT * FROM ${MEASUREMENTS.raw} WHERE ${within(station, from, to)}`),
    );
    const buckets = part.map(({ station }, i) => bucketsOf(station, raw[i] ?? [], offsetMs));
    const hours = buckets.flatMap(({ hours }) => hours);
    const days = await daysOf(connection, hours, offsetMs);
    await connection.write([
      ...buckets.flatMap(({ fiveMinutes }) => fiveMinutes.map((b) => lineOf(MEASUREMENTS["5m"], b))),
      ...hours.map((b) => lineOf(MEASUREMENTS["1h"], { ...b, fields: withMeans(b.fields) })),
      ...days.map((b) => lineOf(MEASUREMENTS["1d"], b)),
    ]);
  }
}

/** The hours and their twelfths that these readings of one station, in the order of time, are in. */
export function bucketsOf(station: StationId, rows: readonly InfluxRow[], offsetMs: number) {
  const of = (time: number) => bucketStart("5m", time, offsetMs);
  const fiveMinutes = [...Map.groupBy(rows, ({ time }) => of(time))].map(
    ([time, group]): Bucket => ({ station, time, fields: rollUpReadings(group) }),
  );
  const hours = [...Map.groupBy(fiveMinutes, ({ time }) => bucketStart("1h", time, offsetMs))].map(
    ([time, group]): Bucket => ({ station, time, fields: combineRollups(group.map(({ fields }) => fields)) }),
  );
  return { fiveMinutes, hours };
}

/** The days of these hours: from them, and from what is stored of the days' other hours. */
export async function daysOf(
  connection: InfluxConnection,
  hours: readonly Bucket[],
  offsetMs: number,
): Promise<readonly Bucket[]> {
  const dayKey = ({ station, time }: Bucket) => `${station} ${bucketStart("1d", time, offsetMs)}`;
  const groups = [...Map.groupBy(hours, dayKey).values()].flatMap((fresh) => {
    const [first] = fresh;
    if (first === undefined) return [];
    return [{ station: first.station, day: bucketStart("1d", first.time, offsetMs), fresh }];
  });
  const stored = await connection.query(
    groups.map(
      ({ station, day }) => `SELECT * FROM ${MEASUREMENTS["1h"]} WHERE ${within(station, day, day + BUCKET_MS["1d"])}`,
    ),
  );
  return groups.map(({ station, day, fresh }, i) => {
    const all = new Map((stored[i] ?? []).map(({ time, fields }) => [time, fields]));
    for (const { time, fields } of fresh) all.set(time, fields);
    const inOrder = [...all].toSorted(([a], [b]) => a - b).map(([, fields]) => fields);
    return { station, time: day, fields: combineRollups(inOrder) };
  });
}

const lineOf = (measurement: string, { station, time, fields }: Bucket): string =>
  pointLine(measurement, station, time, fields);
