import type { DatabaseSync } from "node:sqlite";
import { OBSERVED_PROPERTIES } from "@hotgrid/contracts";
import type { RollupInterval } from "../reading-store.ts";
import { ROLLUP_COLUMNS } from "./rollup-columns.ts";

export const ROLLUP_TABLES: Readonly<Record<RollupInterval, string>> = {
  "5m": "rollup_5m",
  "1h": "rollup_1h",
  "1d": "rollup_1d",
};

/** Pages of WAL before they move into the file (4 KiB each, so 16 MiB). Ours: the 300 pages that a minute of 300
 *  stations touches are then written to the file once for a dozen minutes. */
const CHECKPOINT_PAGES = 4096;
/** KiB of page cache. Ours: the pages that 5,000 stations are writing to. */
const CACHE_KIB = 64 * 1024;

/** Brings a file's schema up to date. A new observed property is a new column: no other migration.
 *  Throws where the file was written with days of another offset. */
export function prepareReadingSchema(sqlite: DatabaseSync, offsetMs: number): void {
  sqlite.exec(`pragma journal_mode = WAL; pragma synchronous = FULL;
    pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}; pragma cache_size = -${CACHE_KIB}`);
  sqlite.exec("begin immediate");
  sqlite.exec(`CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS station (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE IF NOT EXISTS dirty_hour (station INTEGER NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY (station, at)) WITHOUT ROWID`);
  const propertyColumns = OBSERVED_PROPERTIES.map((name) => ({ name, type: "REAL" }));
  ensureSeriesTable(sqlite, "raw", propertyColumns);
  for (const table of Object.values(ROLLUP_TABLES)) ensureSeriesTable(sqlite, table, ROLLUP_COLUMNS);
  checkOffset(sqlite, offsetMs);
  sqlite.exec("commit");
}

/** One row per station and time, clustered by station: a chart of a station reads neighbouring pages. */
function ensureSeriesTable(sqlite: DatabaseSync, table: string, columns: readonly { name: string; type: string }[]) {
  sqlite.exec(`CREATE TABLE IF NOT EXISTS ${table} (station INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (station, at)) WITHOUT ROWID`);
  const present = new Set(
    sqlite
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map((row) => row["name"]),
  );
  for (const { name, type } of columns) {
    if (!present.has(name)) sqlite.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
  }
}

export function readFact(sqlite: DatabaseSync, name: "utc-offset-ms" | "horizon" | "stored"): number {
  return Number(sqlite.prepare("SELECT value FROM facts WHERE name = ?").get(name)?.["value"]);
}

function checkOffset(sqlite: DatabaseSync, offsetMs: number): void {
  sqlite
    .prepare("INSERT OR IGNORE INTO facts VALUES ('utc-offset-ms', ?), ('horizon', 0), ('stored', 0)")
    .run(offsetMs);
  const written = readFact(sqlite, "utc-offset-ms");
  if (written === offsetMs) return;
  throw new Error(
    `the readings were rolled up with days at UTC offset ${written / 60_000} min, not ${offsetMs / 60_000} min: use another file or the old offset`,
  );
}
