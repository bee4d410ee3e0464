import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { OBSERVED_PROPERTIES } from "@hotgrid/contracts";
import { InfluxConnection, type InfluxRow } from "../influx-readings/influx-connection.ts";
import { type InfluxReadingStoreOptions, openInfluxReadingStore } from "../influx-readings/influx-reading-store.ts";
import { factsLine, MEASUREMENTS, pointLine, READINGS, SILENT, within } from "../influx-readings/influx-schema.ts";
import { withMeans } from "../influx-readings/rollup-fields.ts";
import { ROLLUP_TABLES, readFact } from "../sqlite-readings/reading-schema.ts";
import { ROLLUP_COLUMNS } from "../sqlite-readings/rollup-columns.ts";
import { openSqliteReadingStore } from "../sqlite-readings/sqlite-reading-store.ts";
import { utcOffsetMs } from "../sqlite-readings/time-buckets.ts";

export interface MovedReadings {
  readonly stations: number;
  /** Ever stored, removed ones too. */
  readonly readings: number;
  /** Points in the target: readings and rollups. */
  readonly points: number;
}

/** Where an interrupted move goes on. */
export interface ReadingsProgress {
  /** Stations done, in the order of their names. */
  readonly stations: number;
  readonly points: number;
}

const EMPTY: ReadingsProgress = { stations: 0, points: 0 };
/** Points of one comparison. Ours: some 10 MB of JSON. */
const PAGE = 10_000;
/** After every reading that a clock can give, epoch ms. */
const FOR_EVER = 8_000_000_000_000;

/** Copies the time series of a SQLite file that no process writes to, station by station, and compares every point.
 *  @param done what an earlier run reported last; null where none has begun: then the target has to be empty */
export async function moveReadings(
  file: string,
  options: InfluxReadingStoreOptions,
  done: ReadingsProgress | null,
  report: (progress: ReadingsProgress, of: number) => void,
): Promise<MovedReadings> {
  const stations = await rolledUpStations(file, options.utcOffset);
  const target = await openInfluxReadingStore(options);
  const connection = new InfluxConnection(options);
  const sqlite = new DatabaseSync(file, { readOnly: true });
  try {
    if (done === null && (await target.count()) > 0) {
      throw new Error(
        "目标时序库不是空的 · the target time series are not empty: give another HOTGRID_INFLUX_DATABASE",
      );
    }
    let progress = done ?? EMPTY;
    // Before the first point: from now on the target is not empty because of us.
    report(progress, stations.length);
    for (const station of stations.slice(progress.stations)) {
      const points = await moveStation(sqlite, connection, station);
      progress = { stations: progress.stations + 1, points: progress.points + points };
      report(progress, stations.length);
    }
    const facts = { utc_offset_ms: utcOffsetMs(options.utcOffset), horizon: readFact(sqlite, "horizon") };
    await connection.write([factsLine(facts)]);
    return { stations: stations.length, points: progress.points, readings: await checkedCount(sqlite, options) };
  } finally {
    sqlite.close();
    await connection.close();
    await target.close();
  }
}

/** Rolls up whatever is behind its readings. Answers the stations by name. */
async function rolledUpStations(file: string, utcOffset: string): Promise<readonly string[]> {
  const store = await openSqliteReadingStore(file, { utcOffset });
  try {
    const stations = [...(await store.latest()).keys()].toSorted();
    for (const stationId of stations) {
      await store.series({ stationId, from: 0, to: FOR_EVER, interval: "1h", properties: ["pm25"], limit: 1 });
    }
    return stations;
  } finally {
    await store.close();
  }
}

async function moveStation(sqlite: DatabaseSync, connection: InfluxConnection, station: string): Promise<number> {
  let points = 0;
  for (const [measurement, rows] of seriesOf(sqlite, station)) {
    let page: InfluxRow[] = [];
    const flush = async () => {
      const [first, last] = [page[0], page.at(-1)];
      if (first === undefined || last === undefined) return;
      await connection.write(page.map(({ time, fields }) => pointLine(measurement, station, time, fields)));
      const range = within(station, first.time, last.time + 1);
      const [stored = []] = await connection.query([`SELECT * FROM ${measurement} WHERE ${range}`]);
      if (digest(stored) !== digest(page)) {
        throw new Error(
          `站点 ${station} 的 ${measurement} 两边不一致 · ${measurement} of ${station} is not the same on both sides: ` +
            `${page.length} points here, ${stored.length} there; start over with an empty database`,
        );
      }
      points += page.length;
      page = [];
    };
    for (const row of rows) {
      page.push(row);
      if (page.length === PAGE) await flush();
    }
    await flush();
  }
  return points;
}

/** A station's points by measurement. A raw reading that was kept although its time is over is the latest of a station
 *  that fell silent. */
function* seriesOf(sqlite: DatabaseSync, station: string): Generator<[string, Iterable<InfluxRow>]> {
  const horizon = readFact(sqlite, "horizon");
  const rows = (table: string, columns: readonly string[], from: number, to: number) =>
    rowsOf(sqlite, station, table, columns, from, to);
  yield [SILENT, rows("raw", OBSERVED_PROPERTIES, Number.MIN_SAFE_INTEGER, horizon)];
  yield [MEASUREMENTS.raw, rows("raw", OBSERVED_PROPERTIES, horizon, FOR_EVER)];
  const rollups = ROLLUP_COLUMNS.map(({ name }) => name);
  for (const interval of ["5m", "1h", "1d"] as const) {
    const all = rows(ROLLUP_TABLES[interval], rollups, Number.MIN_SAFE_INTEGER, FOR_EVER);
    const withTheirMeans = (row: InfluxRow) => ({ ...row, fields: withMeans(row.fields) });
    yield [MEASUREMENTS[interval], interval === "1h" ? Iterator.from(all).map(withTheirMeans) : all];
  }
}

function* rowsOf(
  sqlite: DatabaseSync,
  station: string,
  table: string,
  columns: readonly string[],
  from: number,
  to: number,
): Generator<InfluxRow> {
  const statement = sqlite.prepare(`SELECT at, ${columns.join(", ")} FROM ${table}
    WHERE station = (SELECT id FROM station WHERE name = ?) AND at >= ? AND at < ? ORDER BY at`);
  for (const row of statement.iterate(station, from, to)) {
    const fields: Record<string, number> = table === "raw" ? { [READINGS]: 1 } : {};
    for (const name of columns) if (typeof row[name] === "number") fields[name] = row[name];
    yield { station, time: Number(row["at"]), fields };
  }
}

function digest(rows: readonly InfluxRow[]): string {
  const hash = createHash("sha256");
  for (const { time, fields } of rows) {
    const values = Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));
    hash.update(JSON.stringify([time, values])).update("\n");
  }
  return hash.digest("hex");
}

async function checkedCount(sqlite: DatabaseSync, options: InfluxReadingStoreOptions): Promise<number> {
  const stored = readFact(sqlite, "stored");
  const store = await openInfluxReadingStore(options);
  try {
    const found = await store.count();
    if (found === stored) return stored;
    throw new Error(`读数条数不一致 · ${stored} readings here, ${found} there; start over with an empty database`);
  } finally {
    await store.close();
  }
}
