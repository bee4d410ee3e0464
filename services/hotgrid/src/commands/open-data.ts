import { existsSync } from "node:fs";
import { type Database, readSeeds, type Seeds, StationDirectory, seedDatabase } from "@hotgrid/store";
import type { Kysely } from "kysely";
import { dataFiles } from "../data-directory.ts";
import { openTables } from "../open-stores.ts";
import { readStoreSettings } from "../store-settings.ts";
import type { Call } from "./command.ts";

/** What a command works on: the files of a data directory, or PostgreSQL where the environment says so. A running
 *  system may use them, too (SQLite's WAL lets both write): it sees stations and people anew within seconds. */
export interface Opened {
  readonly seeds: Seeds;
  readonly database: Kysely<Database>;
  readonly stations: StationDirectory;
}

/** Opens the database for `work` and closes it whatever happens. Makes it where it is new, so that a city
 *  can be prepared before its first start. */
export async function withData<T>(call: Call, work: (opened: Opened) => Promise<T>): Promise<T> {
  const seeds = await seedsOf(call);
  const database = await openTables(call.dataDir, readStoreSettings(process.env));
  try {
    await seedDatabase(database, seeds);
    return await work({ seeds, database, stations: await StationDirectory.open(database) });
  } finally {
    await database.destroy();
  }
}

/** The seeds with the boundaries that were imported into this data directory. */
const seedsOf = (call: Call): Promise<Seeds> => {
  const { gridOverrides } = dataFiles(call.dataDir);
  return readSeeds(call.seedsDir, existsSync(gridOverrides) ? { overrides: gridOverrides } : {});
};
