import type { Reading, StationId } from "@hotgrid/contracts";
import { BUCKET_MS } from "../sqlite-readings/time-buckets.ts";
import type { InfluxRow } from "./influx-connection.ts";
import type { HourRange } from "./influx-rollups.ts";

/** Readings that are remembered at most, of all stations. Ours: some 100 MB, 8,000 stations at a reading a minute. The
 *  hours of further ones are read back. */
const MOST_READINGS = 500_000;

interface Remembered {
  /** All that the store was given since this hour began is here, epoch ms. */
  from: number;
  rows: InfluxRow[];
}

/** The readings of the hour that each station is in, so that it need not be read back when it ends: from the first hour
 *  on that begins while this process writes. Another process may have written to it, too: whoever uses them asks the
 *  server how many there are. */
export class OpenHours {
  readonly #stations = new Map<StationId, Remembered>();
  #readings = 0;

  /** @param fresh what is written now and was not there before
   *  @param open start of the hour that the station was in so far, epoch ms; undefined where it never reported */
  add(station: StationId, fresh: readonly Reading[], open: number | undefined): void {
    const first = open === undefined ? Number.NEGATIVE_INFINITY : open + BUCKET_MS["1h"];
    const remembered = this.#stations.get(station) ?? { from: first, rows: [] };
    if (this.#readings + fresh.length > MOST_READINGS) {
      this.#forget(station);
      return;
    }
    this.#stations.set(station, remembered);
    for (const { phenomenonTime: time, results } of fresh) {
      if (time < remembered.from) continue;
      remembered.rows.push({ station, time, fields: results });
      this.#readings++;
    }
  }

  /** In the order of time; undefined where not all of it was written here. */
  rowsOf({ station, from, to }: HourRange): readonly InfluxRow[] | undefined {
    const remembered = this.#stations.get(station);
    if (remembered === undefined || remembered.from > from) return undefined;
    return remembered.rows.filter(({ time }) => time >= from && time < to).toSorted((a, b) => a.time - b.time);
  }

  /** The hours before `open` are rolled up. */
  ended(station: StationId, open: number | undefined): void {
    const remembered = this.#stations.get(station);
    if (remembered === undefined || open === undefined || remembered.from >= open) return;
    const rows = remembered.rows.filter(({ time }) => time >= open);
    this.#readings -= remembered.rows.length - rows.length;
    this.#stations.set(station, { from: open, rows });
  }

  clear(): void {
    this.#stations.clear();
    this.#readings = 0;
  }

  #forget(station: StationId): void {
    this.#readings -= this.#stations.get(station)?.rows.length ?? 0;
    this.#stations.delete(station);
  }
}
