import type { DatabaseSync, StatementSync } from "node:sqlite";
import { ROLLUP_TABLES } from "./reading-schema.ts";
import { ROLLUP_COLUMNS } from "./rollup-columns.ts";
import { BUCKET_MS, bucketStart } from "./time-buckets.ts";

/** Computes rollups again from what they are made of, in the order of time: the same readings give the same bits, in
 *  whatever order and however often they arrived. */
export class RollupWriter {
  readonly #offsetMs: number;
  readonly #fiveMinutes: StatementSync;
  readonly #hour: StatementSync;
  readonly #day: StatementSync;
  readonly #clean: StatementSync;

  constructor(sqlite: DatabaseSync, offsetMs: number) {
    this.#offsetMs = offsetMs;
    const start = `(at + ${offsetMs}) / ${BUCKET_MS["5m"]} * ${BUCKET_MS["5m"]} - ${offsetMs}`;
    const parts = (source: "fromRaw" | "fromFiner") => ROLLUP_COLUMNS.map((c) => c[source]).join(", ");
    const names = ROLLUP_COLUMNS.map((c) => c.name).join(", ");
    this.#fiveMinutes = sqlite.prepare(`INSERT OR REPLACE INTO ${ROLLUP_TABLES["5m"]} (station, at, ${names})
      SELECT station, ${start} AS start, ${parts("fromRaw")}
      FROM raw WHERE station = ? AND at >= ? AND at < ? GROUP BY station, start`);
    const coarser = (table: string, finer: string) =>
      sqlite.prepare(`INSERT OR REPLACE INTO ${table} (station, at, ${names})
        SELECT station, ?, ${parts("fromFiner")}
        FROM ${finer} WHERE station = ? AND at >= ? AND at < ? GROUP BY station RETURNING readings`);
    this.#hour = coarser(ROLLUP_TABLES["1h"], ROLLUP_TABLES["5m"]);
    this.#day = coarser(ROLLUP_TABLES["1d"], ROLLUP_TABLES["1h"]);
    this.#clean = sqlite.prepare("DELETE FROM dirty_hour WHERE station = ? AND at = ?");
  }

  /** Within the caller's transaction. Answers the number of readings in these hours: what the work was worth. */
  rollUp(station: number, hours: readonly number[]): number {
    let readings = 0;
    for (const hour of hours) {
      const end = hour + BUCKET_MS["1h"];
      this.#fiveMinutes.run(station, hour, end);
      readings += Number(this.#hour.get(hour, station, hour, end)?.["readings"] ?? 0);
      this.#clean.run(station, hour);
    }
    const days = new Set(hours.map((hour) => bucketStart("1d", hour, this.#offsetMs)));
    for (const day of days) this.#day.get(day, station, day, day + BUCKET_MS["1d"]);
    return readings;
  }
}
