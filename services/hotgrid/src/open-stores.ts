import { mkdirSync } from "node:fs";
import type { Closing } from "@hotgrid/runtime";
import { openDatabase, openSqliteReadingStore, type ReadingStore, type Seeds } from "@hotgrid/store";
import { dataFiles } from "./data-directory.ts";

/** The stores that the services of a city share. */
export interface Stores {
  readonly database: Awaited<ReturnType<typeof openDatabase>>;
  readonly readings: ReadingStore;
}

/** Opens the files of the data directory, which several processes of one machine may share. */
export async function openStores(config: { dataDir: string }, seeds: Seeds, closing: Closing): Promise<Stores> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const files = dataFiles(config.dataDir);
  const database = await openDatabase(files.database);
  closing.add("database", () => database.destroy());
  const readings = await openSqliteReadingStore(files.readings, { utcOffset: seeds.city.utcOffset });
  closing.add("reading store", () => readings.close());
  return { database, readings };
}
