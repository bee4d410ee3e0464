import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Reading } from "@hotgrid/contracts";
import { SystemClock } from "@hotgrid/runtime";
import {
  type Database,
  moveReadings,
  openDatabase,
  openInfluxReadingStore,
  openPostgresDatabase,
  openSqliteReadingStore,
  type Seeds,
  SessionStore,
  seedDatabase,
  seedDemoAccounts,
} from "@hotgrid/store";
import type { Kysely } from "kysely";
import { startEmbedded } from "../../harness/embedded.ts";
import { startTopology } from "../../harness/topology.ts";
import { fillMonth } from "./month-of-readings.ts";

/** A running console with somebody who is logged in. */
export interface QueriedSystem {
  readonly name: string;
  readonly port: number;
  /** Of the operator's login. */
  readonly cookie: string;
  /** Of the console's process. */
  readonly pid: number | undefined;
  /** As a recorder does meanwhile; null where only the system's own process may write. */
  readonly append: ((readings: readonly Reading[]) => Promise<unknown>) | null;
  close(): Promise<void>;
}

export interface QueriedCity {
  readonly folder: string;
  readonly seedsDir: string;
  readonly seeds: Seeds;
  /** Up to which there are readings, a start of an hour, epoch ms. */
  readonly now: number;
}

/** The embedded system, its readings in SQLite. */
export async function embeddedSystem({ folder, seedsDir, seeds, now }: QueriedCity): Promise<QueriedSystem> {
  const dataDir = join(folder, "embedded");
  mkdirSync(dataDir);
  const readings = await openSqliteReadingStore(join(dataDir, "readings.sqlite"), seeds.city);
  await fillMonth(readings, seeds.stations, now);
  await readings.close();
  const database = await openDatabase(join(dataDir, "hotgrid.sqlite"));
  const cookie = await login(database, seeds);
  await database.destroy();
  const words = ["--no-simulator", "--seeds", seedsDir, "--allow-holes"];
  const system = await startEmbedded({ dataDir, words, env: { HOTGRID_LOG_LEVEL: "error" } });
  const close = async () => void (await system.stop());
  return { name: "embedded, SQLite", port: system.http, cookie, pid: system.pid, append: null, close };
}

/** The console of the distributed system, on InfluxDB and PostgreSQL, with what the embedded one has stored. */
export async function distributedSystem({ folder, seedsDir, seeds }: QueriedCity): Promise<QueriedSystem> {
  let cookie = "";
  let url = "";
  const influx = () => ({ ...seeds.city, url, database: "hotgrid", writeVersion: 1 }) as const;
  const topology = await startTopology({
    ...{ seedsDir, durable: true, members: ["influx", "postgres", "console"] },
    prepare: async ({ env }) => {
      url = env["HOTGRID_INFLUX_URL"] ?? "";
      await moveReadings(join(folder, "embedded", "readings.sqlite"), influx(), null, () => undefined);
      const database = await openPostgresDatabase({ url: env["HOTGRID_POSTGRES_URL"] ?? "" });
      cookie = await login(database, seeds);
      await database.destroy();
    },
  });
  const store = await openInfluxReadingStore(influx());
  return {
    name: "distributed, InfluxDB 1.x and PostgreSQL",
    ...{ port: topology.httpPort, cookie, pid: topology.member("console").pid() ?? undefined },
    append: (readings) => store.append(readings),
    close: async () => {
      await store.close();
      await topology.close();
    },
  };
}

async function login(database: Kysely<Database>, seeds: Seeds): Promise<string> {
  await seedDatabase(database, seeds);
  await seedDemoAccounts(database, seeds, "only-of-the-bench");
  const { token } = await new SessionStore(database, new SystemClock()).create("operator");
  return `hotgrid-session=${token}`;
}
