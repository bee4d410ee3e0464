import { existsSync } from "node:fs";
import { join } from "node:path";
import { DEMO_PASSWORD, issueCredentials, SimulatorProcess } from "@hotgrid/hotgrid-service";
import { openPostgresDatabase, type Seeds, StationDirectory, seedDatabase, seedDemoAccounts } from "@hotgrid/store";
import type { Prepared } from "../harness/topology.ts";

const MINUTE_MS = 60_000;

const credentialsFile = (dataDir: string): string => join(dataDir, "demo-credentials.csv");

/** What the city has before the first service starts: stations with new secrets, and the demo's logins.
 *  Answers whether it was there before. */
export async function prepareCity({ dataDir, env }: Prepared, seeds: Seeds): Promise<boolean> {
  const known = existsSync(credentialsFile(dataDir));
  const database = await openPostgresDatabase({ url: env["HOTGRID_POSTGRES_URL"] ?? "" });
  try {
    await seedDatabase(database, seeds);
    await seedDemoAccounts(database, seeds, DEMO_PASSWORD);
    await issueCredentials(await StationDirectory.open(database), credentialsFile(dataDir));
  } finally {
    await database.destroy();
  }
  return known;
}

export interface Stations {
  readonly mqttPort: number;
  readonly dataDir: string;
  readonly seedsDir: string;
  readonly scenario: string;
  readonly warmHours: number;
  /** Share of the history that has been published, 0 to 1. */
  readonly onWarming: (done: number) => void;
  /** The simulator has ended though nobody asked it to. */
  readonly onDeath: (error: Error) => void;
}

/** The fleet simulator at the wall's pace. Resolves when its history is published and it is live; answers how to end it. */
export async function startStations(stations: Stations): Promise<() => Promise<void>> {
  const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const live = Promise.withResolvers<void>();
  const simulator = new SimulatorProcess(
    {
      ...{ mqttPort: stations.mqttPort, credentialsFile: credentialsFile(stations.dataDir), start },
      ...{ seeds: stations.seedsDir, scenario: stations.scenario },
      warmHours: stations.warmHours,
    },
    (report) => {
      if (report.type === "warming") stations.onWarming(report.done);
      else if (report.type === "failed") live.reject(new Error(`simulator: ${report.reason}`));
      else live.resolve();
    },
    (code) => {
      const death = new Error(`模拟器意外退出 · the simulator stopped unexpectedly (exit code ${code})`);
      live.reject(death);
      stations.onDeath(death);
    },
  );
  try {
    await live.promise;
  } catch (error) {
    await simulator.stop();
    throw error;
  }
  simulator.send({ type: "clock", clock: { at: start, wallAt: start, speed: 1 } });
  return () => simulator.stop();
}
