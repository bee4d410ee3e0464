import type { Reading, StationId } from "@hotgrid/contracts";
import type {
  AppendResult,
  HourlyMeans,
  HourlyMeansQuery,
  LatestReading,
  ReadingStore,
  Series,
  SeriesQuery,
} from "../reading-store.ts";
import { checkRetention, DEFAULT_RETENTION, type Retention } from "../sqlite-readings/retention.ts";
import { BUCKET_MS, bucketStart, utcOffsetMs } from "../sqlite-readings/time-buckets.ts";
import { firstsOf, hoursToRollUp, newestOf, type StationAppend } from "./append-plan.ts";
import { readHourlyMeans } from "./hourly-means.ts";
import { Forbidden, InfluxConnection, type InfluxOptions } from "./influx-connection.ts";
import { rollUpHours } from "./influx-rollups.ts";
import { FACTS, factsLine, MEASUREMENTS, pointLine, READINGS, readingLine, SILENT } from "./influx-schema.ts";
import { LatestReadings } from "./latest-readings.ts";
import { OpenHours } from "./open-hours.ts";
import { readSeries } from "./read-series.ts";
import { closedBefore, copiesAmong, newestStored } from "./stored-before.ts";

export interface InfluxReadingStoreOptions extends InfluxOptions {
  /** Of the city, "+08:00": where its days begin. */
  readonly utcOffset: string;
  readonly retention?: Retention | undefined;
}

/** How long another process's horizon may go unnoticed, ms. Ours: far less than the time between two sweeps, of which
 *  the second removes what the first has put out of bounds. */
const HORIZON_KNOWN_MS = 60_000;

/** Opens the time series in InfluxDB. Throws Unavailable where the server does not answer. */
export async function openInfluxReadingStore(options: InfluxReadingStoreOptions): Promise<ReadingStore> {
  const retention = options.retention ?? DEFAULT_RETENTION;
  checkRetention(retention);
  const offsetMs = utcOffsetMs(options.utcOffset);
  const connection = new InfluxConnection(options);
  if (options.writeVersion === 1) await createDatabase(connection, options.database);
  const store = new InfluxReadingStore(connection, offsetMs, retention);
  await store.checkOffset();
  return store;
}

/** Where we may; where we may not, it has to be there: the next question finds out. */
async function createDatabase(connection: InfluxConnection, name: string): Promise<void> {
  try {
    await connection.query([`CREATE DATABASE "${name.replaceAll('"', "")}"`]);
  } catch (cause) {
    if (!(cause instanceof Forbidden)) throw cause;
  }
}

class InfluxReadingStore implements ReadingStore {
  readonly #connection: InfluxConnection;
  readonly #offsetMs: number;
  readonly #retention: Retention;
  /** Newest reading of the stations that were written to, epoch ms: what is newer can't be a copy. */
  readonly #newest = new Map<StationId, number | undefined>();
  readonly #openHours = new OpenHours();
  readonly #latest: LatestReadings;
  #horizon = 0;
  #horizonReadAt = Number.NEGATIVE_INFINITY;

  constructor(connection: InfluxConnection, offsetMs: number, retention: Retention) {
    this.#connection = connection;
    this.#latest = new LatestReadings(connection);
    this.#offsetMs = offsetMs;
    this.#retention = retention;
  }

  async checkOffset(): Promise<void> {
    const [rows = []] = await this.#connection.query([`SELECT * FROM ${FACTS}`]);
    const written = rows[0]?.fields["utc_offset_ms"];
    if (written === undefined)
      return this.#connection.write([factsLine({ utc_offset_ms: this.#offsetMs, horizon: 0 })]);
    if (written === this.#offsetMs) return;
    throw new Error(
      `the readings were rolled up with days at UTC offset ${written / 60_000} min, not ${this.#offsetMs / 60_000} min: use another database or the old offset`,
    );
  }

  /** What fails halfway is done again whole, from what the server says then: neither a second write of the same point nor
   *  a second roll-up changes anything. */
  async append(readings: readonly Reading[]): Promise<AppendResult> {
    const horizon = await this.#knownHorizon();
    const expired = readings.filter(({ phenomenonTime }) => phenomenonTime < horizon);
    const taken = expired.length === 0 ? readings : readings.filter((r) => r.phenomenonTime >= horizon);
    try {
      const stored = await this.#store(firstsOf(taken));
      return { stored, duplicates: taken.length - stored, expired };
    } catch (error) {
      this.#newest.clear();
      this.#openHours.clear();
      throw error;
    }
  }

  async ping(): Promise<void> {
    await this.#connection.query([`SELECT * FROM ${FACTS} LIMIT 1`]);
  }

  /** Where another process writes: as of the last time that somebody asked, at most 15 s ago (latest-readings.ts). Many
   *  ask, and the server looks at every station for it. */
  latest(): Promise<ReadonlyMap<StationId, LatestReading>> {
    return this.#latest.get();
  }

  async series(query: SeriesQuery): Promise<Series> {
    return readSeries(this.#connection, query, await this.#knownHorizon(), this.#offsetMs);
  }

  async hourlyMeans(query: HourlyMeansQuery): Promise<ReadonlyMap<StationId, HourlyMeans>> {
    if (query.stations.length === 0) return new Map();
    return readHourlyMeans(this.#connection, query, await this.#latest.get(), this.#offsetMs);
  }

  /** Raw readings from the horizon on, and what the days before it were made of: those days change no more. */
  async count(): Promise<number> {
    const horizon = await this.#knownHorizon();
    const [raw = [], days = []] = await this.#connection.query([
      `SELECT count(${READINGS}) AS n FROM ${MEASUREMENTS.raw} WHERE time >= ${horizon}ms`,
      `SELECT sum(${READINGS}) AS n FROM ${MEASUREMENTS["1d"]} WHERE time < ${horizon}ms`,
    ]);
    return (raw[0]?.fields["n"] ?? 0) + (days[0]?.fields["n"] ?? 0);
  }

  /** Ages count from `now` or, where that is earlier, from the newest reading: a clock that ran ahead removes nothing.
   *  Raw readings are out of bounds at once, and removed by the next call: until then another process may not know. */
  async retain(now: number): Promise<void> {
    this.#latest.outdate();
    const latest = await this.#latest.get();
    const newest = [...latest.values()].reduce((a, b) => Math.max(a, b.phenomenonTime), Number.NEGATIVE_INFINITY);
    if (newest === Number.NEGATIVE_INFINITY) return;
    const before = (keptMs: number) => bucketStart("1d", Math.min(now, newest) - keptMs, this.#offsetMs);
    const removable = await this.#readHorizon();
    this.#horizon = Math.max(removable, before(this.#retention.raw));
    const silent = [...latest].filter(([, { phenomenonTime }]) => phenomenonTime < this.#horizon);
    await this.#keepSilent(silent);
    await this.#connection.write([factsLine({ utc_offset_ms: this.#offsetMs, horizon: this.#horizon })]);
    const removals = [`DELETE FROM ${MEASUREMENTS.raw} WHERE time < ${removable}ms`];
    for (const interval of ["5m", "1h", "1d"] as const) {
      const keptMs = this.#retention[interval];
      if (Number.isFinite(keptMs))
        removals.push(`DELETE FROM ${MEASUREMENTS[interval]} WHERE time < ${before(keptMs)}ms`);
    }
    await this.#connection.query(removals);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Answers how many were new. */
  async #store(byStation: ReadonlyMap<StationId, readonly Reading[]>): Promise<number> {
    const unknown = [...byStation.keys()].filter((station) => !this.#newest.has(station));
    for (const [station, time] of await newestStored(this.#connection, unknown)) this.#newest.set(station, time);
    const copies = await this.#copiesAmong(byStation);
    const fresh = [...byStation].map(([station, its]) => [station, its.filter((r) => !copies.has(r))] as const);
    const written = fresh.flatMap(([, its]) => its);
    await this.#connection.write(Iterator.from(written).map(readingLine));
    this.#latest.outdate();
    for (const [station, its] of fresh) this.#openHours.add(station, its, this.#openHour(station));
    await this.#rollUp(byStation, await closedBefore(this.#connection, copies, this.#offsetMs));
    return written.length;
  }

  /** What is newer than a station's newest can't be a copy. */
  async #copiesAmong(byStation: ReadonlyMap<StationId, readonly Reading[]>): Promise<ReadonlySet<Reading>> {
    const old = [...byStation].map(([station, its]) => {
      const newest = this.#newest.get(station) ?? Number.NEGATIVE_INFINITY;
      return [station, its.filter(({ phenomenonTime }) => phenomenonTime <= newest)] as const;
    });
    return copiesAmong(this.#connection, new Map(old));
  }

  async #rollUp(
    byStation: ReadonlyMap<StationId, readonly Reading[]>,
    closed: ReadonlyMap<StationId, readonly number[]>,
  ): Promise<void> {
    const appends = [...byStation].map(([station, its]): StationAppend => {
      const times = its.map(({ phenomenonTime }) => phenomenonTime);
      return { station, before: this.#newest.get(station), times, closed: closed.get(station) ?? [] };
    });
    const ranges = appends.flatMap((append) => hoursToRollUp(append, this.#offsetMs));
    await rollUpHours(this.#connection, ranges, (range) => this.#openHours.rowsOf(range), this.#offsetMs);
    for (const append of appends) {
      this.#newest.set(append.station, newestOf(append));
      this.#openHours.ended(append.station, this.#openHour(append.station));
    }
  }

  /** Start of the hour that a station is in. */
  #openHour(station: StationId): number | undefined {
    const newest = this.#newest.get(station);
    return newest === undefined ? undefined : bucketStart("1h", newest, this.#offsetMs);
  }

  /** Their last hour and day were still open, and their latest reading is to stay known. */
  async #keepSilent(silent: readonly (readonly [StationId, LatestReading])[]): Promise<void> {
    const hours = silent.map(([station, { phenomenonTime }]) => {
      const from = bucketStart("1h", phenomenonTime, this.#offsetMs);
      return { station, from, to: from + BUCKET_MS["1h"], openDay: Number.POSITIVE_INFINITY };
    });
    const unknown = () => undefined;
    await rollUpHours(this.#connection, hours, unknown, this.#offsetMs);
    await this.#connection.write(
      silent.map(([station, { phenomenonTime, results }]) =>
        pointLine(SILENT, station, phenomenonTime, { ...results, [READINGS]: 1 }),
      ),
    );
  }

  async #knownHorizon(): Promise<number> {
    if (performance.now() - this.#horizonReadAt > HORIZON_KNOWN_MS) await this.#readHorizon();
    return this.#horizon;
  }

  async #readHorizon(): Promise<number> {
    const [rows = []] = await this.#connection.query([`SELECT horizon FROM ${FACTS}`]);
    this.#horizon = Math.max(this.#horizon, rows[0]?.fields["horizon"] ?? 0);
    this.#horizonReadAt = performance.now();
    return this.#horizon;
  }
}
