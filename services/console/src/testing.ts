import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Bus, openSqliteBus } from "@hotgrid/bus";
import type { DemoFire } from "@hotgrid/contracts";
import { createGrid, type Grid } from "@hotgrid/grid";
import { Closing, createLog, DemoClock, ManualClock, Readiness } from "@hotgrid/runtime";
import {
  type Database,
  evidenceFolder,
  openSqliteReadingStore,
  type ReadingStore,
  readSeeds,
  type Seeds,
  SessionStore,
  StationDirectory,
  seedDatabase,
  seedDemoAccounts,
} from "@hotgrid/store";
import { openTestDatabase } from "@hotgrid/store/testing";
import { type Kysely, sql } from "kysely";
import type { ConsoleDependencies } from "./console-dependencies.ts";
import { type RunningConsole, startConsole } from "./start-console.ts";
import { TestBrowser } from "./testing-browser.ts";

const SHAOXING = resolve(import.meta.dirname, "../../../seeds/shaoxing");
export const TEST_PASSWORD = "test-password-for-all";
/** 08:00 in the city. */
export const TEST_NOW = Date.parse("2026-11-22T00:00:00Z");

export interface TestConsole {
  readonly url: string;
  readonly seeds: Seeds;
  readonly grid: Grid;
  readonly bus: Bus;
  readonly database: Kysely<Database>;
  readonly readings: ReadingStore;
  readonly stations: StationDirectory;
  /** The city's clock, paused at TEST_NOW. */
  readonly clock: DemoClock;
  /** Of sessions and lockouts. */
  readonly wall: ManualClock;
  readonly totpKey: ConsoleDependencies["totpKey"];
  readonly fires: readonly DemoFire[];
  readonly routes: RunningConsole["routes"];
  /** Not logged in. */
  browser(): TestBrowser;
  /** Logged in as one of the demo's accounts: operator, viewer, supervisor-330602, or an officer's id. Without the password, whose hashing takes its time. */
  loggedIn(username: string): Promise<TestBrowser>;
  close(): Promise<void>;
}

/** The real console on a free port, with the Shaoxing seeds, an empty log and an empty reading store in a temporary
 *  folder. */
export async function startTestConsole(options: Partial<ConsoleDependencies> = {}): Promise<TestConsole> {
  const closing = new Closing();
  const folder = await mkdtemp(join(tmpdir(), "hotgrid-console-"));
  closing.add("folder", () => rm(folder, { recursive: true }));
  const log = createLog("console-test", "fatal");
  const clock = new DemoClock(TEST_NOW, 0);
  const wall = new ManualClock(TEST_NOW);

  const seeds = await readSeeds(SHAOXING);
  const grid = createGrid({ ...seeds, city: seeds.city.code });
  const database = await openTestDatabase(join(folder, "hotgrid.sqlite"));
  closing.add("database", () => database.destroy());
  await seedDatabase(database, seeds);
  await seedDemoAccounts(database, seeds, TEST_PASSWORD, wall);
  const stations = await StationDirectory.open(database);
  const readings = await openSqliteReadingStore(join(folder, "readings.sqlite"), { utcOffset: seeds.city.utcOffset });
  closing.add("readings", () => readings.close());
  const bus = await openSqliteBus({ file: join(folder, "log.sqlite"), clock, log });
  closing.add("bus", () => bus.close());

  const fires: DemoFire[] = [];
  const demo = {
    clock: () => clock.state,
    setSpeed: (speed: number) => clock.setSpeed(speed),
    light: (fire: DemoFire) => void fires.push(fire),
  };
  const evidenceFiles = evidenceFolder(join(folder, "evidence"));
  const needs = {
    bus: () => bus.info("readings"),
    database: () => sql`select 1`.execute(database),
    readings: () => readings.ping(),
  };
  const readiness = new Readiness(needs, log);
  const totpKey = { file: join(folder, "totp.key"), make: true };
  const stores = { bus, database, evidenceFiles, readings, readiness };
  const parts = { ...stores, city: seeds.city, grid, stations, clock, wall, totpKey, log };
  const place = { port: 0, host: "127.0.0.1", mode: "demo", demo, webRoot: null } as const;
  const running = await startConsole({ ...parts, ...place, ...options });
  closing.add("console", () => running.close());

  const url = `http://127.0.0.1:${running.port}`;
  const browser = () => new TestBrowser(url);
  return {
    ...parts,
    url,
    seeds,
    fires,
    routes: running.routes,
    browser,
    loggedIn: async (username) => {
      const it = browser();
      it.cookie = `hotgrid-session=${(await new SessionStore(database, wall).create(username)).token}`;
      return it;
    },
    close: () => closing.run(),
  };
}
