import type { StationId } from "@hotgrid/contracts";
import type { LatestReading } from "../reading-store.ts";
import type { InfluxConnection, InfluxRow } from "./influx-connection.ts";
import { MEASUREMENTS, READINGS, resultsOf, SILENT, within } from "./influx-schema.ts";

/** How long an answer is given again, ms. Ours: charts are half a second behind anyway. */
const KNOWN_MS = 1000;
/** How old an answer may be that is given while a new one is read, ms. Ours: a page asks more often, and the live stream
 *  tells it what is newer. */
const STALE_MS = 15_000;
/** Stations that are asked for one by one; above, all of them at once. Ours: what 10,000 stations send in a second. */
const ONE_BY_ONE = 200;

/** The latest reading of every station. The server finds their times eleven times faster than whole readings, so that
 *  only the readings of stations that have reported meanwhile are read: a stored reading never changes. */
export class LatestReadings {
  readonly #connection: Pick<InfluxConnection, "query">;
  readonly #now: () => number;
  #known: ReadonlyMap<StationId, LatestReading> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #writes = 0;
  /** Under way, begun after the last write. */
  #reading: Promise<ReadonlyMap<StationId, LatestReading>> | undefined;

  /** @param now of a clock that never goes back, ms */
  constructor(connection: Pick<InfluxConnection, "query">, now = () => performance.now()) {
    this.#connection = connection;
    this.#now = now;
  }

  /** Something was written: the next answer is a new one. */
  outdate(): void {
    this.#writes++;
    this.#readAt = Number.NEGATIVE_INFINITY;
    this.#reading = undefined;
  }

  /** Who asks often is answered at once, with what was known when the last one asked; who asks after a pause waits. */
  async get(): Promise<ReadonlyMap<StationId, LatestReading>> {
    const age = this.#now() - this.#readAt;
    if (age < KNOWN_MS) return this.#known;
    const reading = this.#reading ?? this.#read();
    this.#reading = reading;
    if (age >= STALE_MS) return reading;
    // Nobody waits for this one: a server that stays away is told to whoever asks next, once what is known is too old.
    reading.catch(() => undefined);
    return this.#known;
  }

  async #read(): Promise<ReadonlyMap<StationId, LatestReading>> {
    const writes = this.#writes;
    try {
      const latest = await this.#latest();
      if (writes === this.#writes) {
        this.#known = latest;
        this.#readAt = this.#now();
      }
      return latest;
    } finally {
      if (writes === this.#writes) this.#reading = undefined;
    }
  }

  async #latest(): Promise<ReadonlyMap<StationId, LatestReading>> {
    const times = newestOf(
      (await this.#connection.query([last(READINGS, SILENT), last(READINGS, MEASUREMENTS.raw)])).flat(),
    );
    const changed = [...times.values()].filter(
      ({ station, time }) => this.#known.get(station)?.phenomenonTime !== time,
    );
    const rows = newestOf((await this.#connection.query(readingsOf(changed))).flat());
    const latest = new Map<StationId, LatestReading>();
    for (const station of times.keys()) {
      const row = rows.get(station);
      const reading = row ? { phenomenonTime: row.time, results: resultsOf(row) } : this.#known.get(station);
      if (reading !== undefined) latest.set(station, reading);
    }
    return latest;
  }
}

const last = (columns: string, measurement: string): string =>
  `SELECT ${columns} FROM ${measurement} GROUP BY "station" ORDER BY time DESC LIMIT 1`;

function readingsOf(changed: readonly InfluxRow[]): readonly string[] {
  if (changed.length > ONE_BY_ONE) return [last("*", SILENT), last("*", MEASUREMENTS.raw)];
  return changed.flatMap(({ station, time }) =>
    [SILENT, MEASUREMENTS.raw].map(
      (measurement) => `SELECT * FROM ${measurement} WHERE ${within(station, time, time + 1)} GROUP BY "station"`,
    ),
  );
}

function newestOf(rows: readonly InfluxRow[]): ReadonlyMap<StationId, InfluxRow> {
  const newest = new Map<StationId, InfluxRow>();
  for (const row of rows)
    if (row.time >= (newest.get(row.station)?.time ?? Number.NEGATIVE_INFINITY)) newest.set(row.station, row);
  return newest;
}
