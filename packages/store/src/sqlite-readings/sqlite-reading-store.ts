import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { OBSERVED_PROPERTIES, type Reading, type StationId } from "@hotgrid/contracts";
import type {
  AppendResult,
  HourlyMeans,
  HourlyMeansQuery,
  LatestReading,
  ReadingStore,
  RollupInterval,
  Series,
  SeriesQuery,
} from "../reading-store.ts";
import { sqliteFailure, withSqliteFailures } from "../sqlite-failure.ts";
import { hourlyMeansReader } from "./hourly-means.ts";
import { type ReadingMemory, readMemory } from "./reading-memory.ts";
import { prepareReadingSchema, readFact } from "./reading-schema.ts";
import { checkRetention, DEFAULT_RETENTION, type Retention, removeRaw, removeRollups } from "./retention.ts";
import { RollupWriter } from "./rollup-writer.ts";
import { readLatest, readSeries } from "./series-reader.ts";
import { BUCKET_MS, bucketStart, utcOffsetMs } from "./time-buckets.ts";

/** Readings of one transaction, some 60 ms: between two of them, others have their turn. Measured: 1,000 at once cost
 *  half as much again, because every commit touches the pages of all 300 stations. */
const READINGS_PER_COMMIT = 4000;
/** Readings that may be rolled up per reading stored. Ours: above what a station that reports once an hour needs (its
 *  hour costs HOUR_COST + 1), so that the work never piles up; and a bound on how long one append takes. */
const ROLLUP_BUDGET = 40;
/** What rolling up one hour costs beside its readings, in readings. Measured. */
const HOUR_COST = 30;
/** Hours of one station rolled up at once. Ours: a day's backfill. */
const HOURS_AT_ONCE = 24;
/** Stations whose old rows go in one transaction. Ours: a day of ten stations is 14,400 rows, some 20 ms. */
const STATIONS_PER_REMOVAL = 10;
/** Stations whose hours are read at once. Ours: a month of them is some 10 ms, then others have their turn. */
const STATIONS_PER_TURN = 20;
/** How long a statement waits for another process's lock (a backup), ms. Ours. */
const BUSY_TIMEOUT_MS = 10_000;

export interface SqliteReadingStoreOptions {
  /** Of the city, "+08:00": where its days begin. */
  readonly utcOffset: string;
  readonly retention?: Retention;
}

/** Opens the time series in a SQLite file. Throws Unavailable where the disk can't. */
export async function openSqliteReadingStore(file: string, options: SqliteReadingStoreOptions): Promise<ReadingStore> {
  const retention = options.retention ?? DEFAULT_RETENTION;
  checkRetention(retention);
  const offsetMs = utcOffsetMs(options.utcOffset);
  const sqlite = withSqliteFailures(() => new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS }));
  try {
    prepareReadingSchema(sqlite, offsetMs);
    return new SqliteReadingStore(sqlite, offsetMs, retention);
  } catch (cause) {
    sqlite.close();
    throw sqliteFailure(cause);
  }
}

class SqliteReadingStore implements ReadingStore {
  readonly #sqlite: DatabaseSync;
  readonly #offsetMs: number;
  readonly #retention: Retention;
  readonly #rollups: RollupWriter;
  readonly #insert: StatementSync;
  readonly #intern: StatementSync;
  readonly #markDirty: StatementSync;
  readonly #addStored: StatementSync;
  #memory: ReadingMemory | undefined;

  constructor(sqlite: DatabaseSync, offsetMs: number, retention: Retention) {
    this.#sqlite = sqlite;
    this.#offsetMs = offsetMs;
    this.#retention = retention;
    this.#rollups = new RollupWriter(sqlite, offsetMs);
    const values = OBSERVED_PROPERTIES.map(() => "?").join(", ");
    const names = OBSERVED_PROPERTIES.join(", ");
    this.#insert = sqlite.prepare(`INSERT OR IGNORE INTO raw (station, at, ${names}) VALUES (?, ?, ${values})`);
    this.#intern = sqlite.prepare("INSERT INTO station (name) VALUES (?)");
    this.#markDirty = sqlite.prepare("INSERT OR IGNORE INTO dirty_hour VALUES (?, ?)");
    this.#addStored = sqlite.prepare("UPDATE facts SET value = value + ? WHERE name = 'stored'");
  }

  async append(readings: readonly Reading[]): Promise<AppendResult> {
    const total = { stored: 0, duplicates: 0, expired: [] as Reading[] };
    for (let start = 0; start < readings.length; start += READINGS_PER_COMMIT) {
      const part = readings.slice(start, start + READINGS_PER_COMMIT);
      const { stored, expired } = this.#transaction((memory) => this.#appendPart(part, memory));
      total.stored += stored;
      total.duplicates += part.length - stored - expired.length;
      total.expired.push(...expired);
      await nextTurn();
    }
    return total;
  }

  async ping(): Promise<void> {
    withSqliteFailures(() => readFact(this.#sqlite, "stored"));
  }

  async latest(): Promise<ReadonlyMap<StationId, LatestReading>> {
    return withSqliteFailures(() => readLatest(this.#sqlite));
  }

  async series(query: SeriesQuery): Promise<Series> {
    const station = this.#loaded().stations.get(query.stationId);
    if (station === undefined) return { times: [], properties: {}, truncated: false };
    if (query.interval !== "raw") this.#catchUp(station, query.interval, query.from, query.to);
    return withSqliteFailures(() => readSeries(this.#sqlite, station, query));
  }

  async hourlyMeans(query: HourlyMeansQuery): Promise<ReadonlyMap<StationId, HourlyMeans>> {
    const means = new Map<StationId, HourlyMeans>();
    const read = withSqliteFailures(() => hourlyMeansReader(this.#sqlite, query));
    for (let start = 0; start < query.stations.length; start += STATIONS_PER_TURN) {
      const part = query.stations.slice(start, start + STATIONS_PER_TURN).flatMap(({ stationId, least }) => {
        const station = this.#loaded().stations.get(stationId);
        return station === undefined ? [] : [{ stationId, least, station }];
      });
      this.#rollUpWithin(
        part.map(({ station }) => station),
        query.from,
        query.to,
      );
      for (const { stationId, least, station } of part) {
        const found = withSqliteFailures(() => read(station, least));
        if (found) means.set(stationId, found);
      }
      await nextTurn();
    }
    return means;
  }

  async count(): Promise<number> {
    return withSqliteFailures(() => readFact(this.#sqlite, "stored"));
  }

  /** Ages count from `now` or, where that is earlier, from the newest reading: a clock that ran ahead removes nothing. */
  async retain(now: number): Promise<void> {
    const { newest } = withSqliteFailures(
      () =>
        this.#sqlite
          .prepare("SELECT max((SELECT max(at) FROM raw WHERE station = station.id)) AS newest FROM station")
          .get() ?? {},
    );
    if (typeof newest !== "number") return;
    const before = (keptMs: number) => bucketStart("1d", Math.min(now, newest) - keptMs, this.#offsetMs);
    this.#raiseHorizon(before(this.#retention.raw));
    const stations = [...this.#loaded().stations.values()];
    for (let start = 0; start < stations.length; start += STATIONS_PER_REMOVAL) {
      const part = stations.slice(start, start + STATIONS_PER_REMOVAL);
      this.#transaction((memory) => {
        for (const station of part) this.#removeOld(station, memory, before);
      });
      await nextTurn();
    }
  }

  async close(): Promise<void> {
    this.#sqlite.close();
  }

  #appendPart(readings: readonly Reading[], memory: ReadingMemory): { stored: number; expired: readonly Reading[] } {
    const expired: Reading[] = [];
    let stored = 0;
    for (const reading of readings) {
      if (reading.phenomenonTime < memory.horizon) expired.push(reading);
      else if (this.#store(reading, memory)) stored += 1;
    }
    this.#rollUpClosed(memory, stored * ROLLUP_BUDGET);
    this.#addStored.run(stored);
    return { stored, expired };
  }

  /** false for a copy of what is there. */
  #store({ stationId, phenomenonTime, results }: Reading, memory: ReadingMemory): boolean {
    const station = memory.stations.get(stationId) ?? this.#internStation(stationId, memory);
    const values = OBSERVED_PROPERTIES.map((property) => results[property] ?? null);
    if (this.#insert.run(station, phenomenonTime, ...values).changes === 0) return false;
    const hour = bucketStart("1h", phenomenonTime, this.#offsetMs);
    if (memory.dirty.mark(station, hour)) this.#markDirty.run(station, hour);
    return true;
  }

  #internStation(name: StationId, memory: ReadingMemory): number {
    const station = Number(this.#intern.run(name).lastInsertRowid);
    memory.stations.set(name, station);
    return station;
  }

  #rollUpClosed(memory: ReadingMemory, budget: number): void {
    let left = budget;
    while (left > 0) {
      const next = memory.dirty.nextClosed(HOURS_AT_ONCE);
      if (next === undefined) return;
      left -= this.#rollUp(next.station, next.hours, memory) + HOUR_COST * next.hours.length;
    }
  }

  #rollUp(station: number, hours: readonly number[], memory: ReadingMemory): number {
    const readings = this.#rollups.rollUp(station, hours);
    for (const hour of hours) memory.dirty.clean(station, hour);
    return readings;
  }

  /** Rolls up what a query is about to see. */
  #catchUp(station: number, interval: RollupInterval, from: number, to: number): void {
    const first = bucketStart("1h", bucketStart(interval, from, this.#offsetMs), this.#offsetMs);
    this.#rollUpWithin([station], first, to + BUCKET_MS[interval]);
  }

  /** Those of these stations' hours that begin in [from, to) and are behind their readings. */
  #rollUpWithin(stations: readonly number[], from: number, to: number): void {
    const { dirty } = this.#loaded();
    const behind = stations.map((station) => ({ station, hours: dirty.within(station, from, to) }));
    if (behind.every(({ hours }) => hours.length === 0)) return;
    this.#transaction((memory) => {
      for (const { station, hours } of behind) this.#rollUp(station, hours, memory);
    });
  }

  /** From the commit on, readings before `horizon` are refused. */
  #raiseHorizon(horizon: number): void {
    this.#transaction((memory) => {
      memory.horizon = Math.max(memory.horizon, horizon);
      this.#sqlite.prepare("UPDATE facts SET value = ? WHERE name = 'horizon'").run(memory.horizon);
    });
  }

  #removeOld(station: number, memory: ReadingMemory, before: (keptMs: number) => number): void {
    this.#rollUp(station, memory.dirty.within(station, Number.NEGATIVE_INFINITY, memory.horizon), memory);
    removeRaw(this.#sqlite, station, memory.horizon);
    for (const interval of ["5m", "1h", "1d"] as const) {
      const keptMs = this.#retention[interval];
      if (Number.isFinite(keptMs)) removeRollups(this.#sqlite, interval, station, before(keptMs));
    }
  }

  /** All or nothing, in the file and in memory. */
  #transaction<T>(work: (memory: ReadingMemory) => T): T {
    try {
      const memory = this.#loaded();
      this.#sqlite.exec("begin immediate");
      const result = work(memory);
      this.#sqlite.exec("commit");
      return result;
    } catch (cause) {
      this.#memory = undefined;
      if (this.#sqlite.isTransaction) this.#sqlite.exec("rollback");
      throw sqliteFailure(cause);
    }
  }

  #loaded(): ReadingMemory {
    this.#memory ??= withSqliteFailures(() => readMemory(this.#sqlite));
    return this.#memory;
  }
}
