import { mkdirSync } from "node:fs";
import type { Closing } from "@hotgrid/runtime";
import {
  openDatabase,
  openInfluxReadingStore,
  openPostgresDatabase,
  openSqliteReadingStore,
  type ReadingStore,
  type Seeds,
} from "@hotgrid/store";
import { dataFiles } from "./data-directory.ts";
import type { StoreSettings } from "./store-settings.ts";

interface StoreConfig {
  readonly dataDir: string;
  readonly stores: StoreSettings;
}

/** The stores that the services of a city share. */
export interface Stores {
  readonly database: Awaited<ReturnType<typeof openDatabase>>;
  readonly readings: ReadingStore;
}

/** Opens the servers that are given, and for what is not the files of the data directory, which several processes of
 *  one machine may share. */
export async function openStores(config: StoreConfig, seeds: Seeds, closing: Closing): Promise<Stores> {
  const database = await openTables(config.dataDir, config.stores);
  closing.add("database", () => database.destroy());
  const readings = await openReadings(config, seeds);
  closing.add("reading store", () => readings.close());
  return { database, readings };
}

/** The time series alone. The caller closes it. */
export function openReadings(config: StoreConfig, { city: { utcOffset } }: Seeds): Promise<ReadingStore> {
  const { influx } = config.stores;
  return influx === null
    ? openSqliteReadingStore(dataFiles(config.dataDir).readings, { utcOffset })
    : openInfluxReadingStore({ ...influx, utcOffset });
}

/** The relational database alone. */
export function openTables(dataDir: string, { postgres }: StoreSettings): ReturnType<typeof openDatabase> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return postgres === null ? openDatabase(dataFiles(dataDir).database) : openPostgresDatabase(postgres);
}
