import type { StationId } from "@hotgrid/contracts";
import { BUCKET_MS, bucketStart } from "../sqlite-readings/time-buckets.ts";
import type { InfluxConnection, InfluxRow } from "./influx-connection.ts";
import { MEASUREMENTS, pointLine, READINGS, within } from "./influx-schema.ts";
import { combineRollups, type RollupFields, rollUpReadings, withMeans } from "./rollup-fields.ts";
import { severalAtOnce } from "./several-at-once.ts";

/** Whole hours of one station: from inclusive, to exclusive, epoch ms. */
export interface HourRange {
  readonly station: StationId;
  readonly from: number;
  readonly to: number;
  /** Start of the day that the station is in. It is not rolled up before it ends: whoever asks for it computes it. */
  readonly openDay: number;
}

/** One interval of a station, rolled up. */
interface Bucket {
  readonly station: StationId;
  readonly time: number;
  readonly fields: RollupFields;
}

/** Ranges of one request. Ours: a hundred hours of a reading a minute are 1 MB of JSON. */
const RANGES_AT_ONCE = 100;
/** Requests under way: the server works on one while the answer to another becomes rollups. Ours. */
const REQUESTS_AT_ONCE = 2;

/** Their readings in the order of time, as far as they are known; undefined where they have to be read. */
type Known = (range: HourRange) => readonly InfluxRow[] | undefined;

/** Computes the rollups of these hours, and of the days that they are in, again from what they are made of.
 *  @param ranges those of one station next to each other */
export async function rollUpHours(
  connection: InfluxConnection,
  ranges: readonly HourRange[],
  known: Known,
  offsetMs: number,
): Promise<void> {
  await severalAtOnce(partsOf(ranges), REQUESTS_AT_ONCE, async (part) => {
    const rows = await readingsOf(connection, part, known);
    const buckets = part.map(({ station }, i) => bucketsOf(station, rows[i] ?? [], offsetMs));
    const ended = part.flatMap(
      ({ openDay }, i) => buckets[i]?.hours.filter(({ time }) => bucketStart("1d", time, offsetMs) < openDay) ?? [],
    );
    const hours = buckets.flatMap(({ hours }) => hours);
    await connection.write([
      ...buckets.flatMap(({ fiveMinutes }) => fiveMinutes.map((b) => lineOf(MEASUREMENTS["5m"], b))),
      ...hours.map((b) => lineOf(MEASUREMENTS["1h"], { ...b, fields: withMeans(b.fields) })),
    ]);
    const days = await daysOf(connection, ended, offsetMs);
    await connection.write(days.map((b) => lineOf(MEASUREMENTS["1d"], b)));
  });
}

/** A station's ranges stay together: two of its hours rolled up at once could each leave the other out of the day. */
function* partsOf(ranges: readonly HourRange[]): Generator<readonly HourRange[]> {
  let part: HourRange[] = [];
  for (const range of ranges) {
    if (part.length >= RANGES_AT_ONCE && part.at(-1)?.station !== range.station) {
      yield part;
      part = [];
    }
    part.push(range);
  }
  if (part.length > 0) yield part;
}

/** What is known of a range is all of it where the server has as many; where it has more, another process wrote. */
async function readingsOf(connection: InfluxConnection, ranges: readonly HourRange[], known: Known) {
  const of = ({ station, from, to }: HourRange) => `FROM ${MEASUREMENTS.raw} WHERE ${within(station, from, to)}`;
  const guesses = ranges.flatMap((range) => {
    const rows = known(range);
    return rows === undefined ? [] : [{ range, rows }];
  });
  const counts = await connection.query(guesses.map(({ range }) => `SELECT count(${READINGS}) AS n ${of(range)}`));
  const right = guesses.filter(({ rows }, i) => rows.length === (counts[i]?.[0]?.fields["n"] ?? 0));
  const found = new Map(right.map(({ range, rows }) => [range, rows]));
  const others = ranges.filter((range) => !found.has(range));
  const read = await connection.query(others.map((range) => `SELECT * ${of(range)}`));
  for (const [i, range] of others.entries()) found.set(range, read[i] ?? []);
  return ranges.map((range) => found.get(range) ?? []);
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
