import type { DatabaseSync } from "node:sqlite";
import type { StationId } from "@hotgrid/contracts";
import { DirtyHours } from "./dirty-hours.ts";
import { readFact } from "./reading-schema.ts";

/** What the store knows without asking the file; read again after a transaction that failed. */
export interface ReadingMemory {
  /** The store's number of every station. */
  readonly stations: Map<StationId, number>;
  readonly dirty: DirtyHours;
  /** Readings before it are refused, epoch ms. */
  horizon: number;
}

export function readMemory(sqlite: DatabaseSync): ReadingMemory {
  const stations = new Map<StationId, number>();
  for (const row of sqlite.prepare("SELECT id, name FROM station").all()) {
    stations.set(String(row["name"]), Number(row["id"]));
  }
  const dirty = new DirtyHours();
  for (const row of sqlite.prepare("SELECT station, at FROM dirty_hour ORDER BY station, at").all()) {
    dirty.mark(Number(row["station"]), Number(row["at"]));
  }
  return { stations, dirty, horizon: readFact(sqlite, "horizon") };
}
