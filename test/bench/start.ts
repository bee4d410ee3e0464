import { rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Station } from "@hotgrid/contracts";
import { readSeeds } from "@hotgrid/store";
import { type Embedded, ROOT, startEmbedded } from "../harness/embedded.ts";
import { issueSecrets } from "../harness/station-secrets.ts";
import type { BenchResult } from "./detector.ts";
import { folderOnDisk } from "./folder-on-disk.ts";
import { airReading, BEHIND_MINUTES, type Happening } from "./loop/bench-air.ts";
import { LOOP_METER, untilIdle } from "./loop/loop-of.ts";
import { percentile } from "./loop/percentile.ts";
import { StationFleet } from "./loop/station-fleet.ts";
import { cpuSeconds } from "./process-cost.ts";

const SEEDS = resolve(ROOT, "seeds", "shaoxing");
const MINUTE_MS = 60_000;
/** Starts of each kind. */
const ROUNDS = 5;
/** Event time that is stored and learned before the first kill: the issue's 48 h. */
const STATE_MINUTES = 48 * 60;
/** Minutes of all stations published just before each kill: the system dies at work. */
const LAST_MINUTES = 10;
/** A fire at another station so often, for so long, min: episodes and tickets. */
const FIRE_EVERY = 120;
const FIRE_MINUTES = 30;
/** Issue 5, s. */
const AIM_COLD = 3;
const AIM_RESTART = 5;

interface Start {
  readonly system: Embedded;
  readonly seconds: number;
  readonly cpu: number;
}

/** From the start of the process to its ready file: of an empty data directory, and after `kill -9` with two days of 300
 *  stations. */
export async function benchStart(): Promise<BenchResult[]> {
  const folder = await folderOnDisk();
  try {
    return [await cold(folder), await restart(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timedStart(dataDir: string): Promise<Start> {
  const began = performance.now();
  const system = await startEmbedded({ dataDir, words: ["--no-simulator"], env: QUIET, preload: LOOP_METER });
  return { system, seconds: (performance.now() - began) / 1000, cpu: cpuSeconds(system.pid) };
}
const QUIET = { HOTGRID_LOG_LEVEL: "error" };

async function cold(folder: string): Promise<BenchResult> {
  const starts: Start[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = await timedStart(join(folder, `cold-${round}`));
    await start.system.stop();
    starts.push(start);
  }
  return result("cold start, 300 stations", AIM_COLD, starts, {});
}

async function restart(folder: string): Promise<BenchResult> {
  const dataDir = join(folder, "state");
  const { stations } = await readSeeds(SEEDS);
  const secrets = await issueSecrets(folder, dataDir, SEEDS);
  const first = Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES - STATE_MINUTES;
  let minute = first;
  let { system } = await timedStart(dataDir);
  minute = await publish(system, { stations, secrets, from: minute, minutes: STATE_MINUTES });
  await untilIdle(system.child);
  const starts: Start[] = [];
  const behind: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    minute = await publish(system, { stations, secrets, from: minute, minutes: LAST_MINUTES });
    await system.kill();
    const start = await timedStart(dataDir);
    const began = performance.now();
    system = start.system;
    await untilIdle(system.child);
    behind.push((performance.now() - began) / 1000);
    starts.push(start);
  }
  const state = stateOf(dataDir);
  await system.stop();
  const details = { ...state, "seconds more until nothing is left to do, p50": round2(percentile(behind, 0.5)) };
  return result("restart after kill -9, 48 h of 300 stations", AIM_RESTART, starts, details);
}

interface Span {
  readonly stations: readonly Station[];
  readonly secrets: ReadonlyMap<string, string>;
  readonly from: number;
  readonly minutes: number;
}

/** Minute by minute, each acknowledged before the next; answers the minute after. */
async function publish(system: Embedded, { stations, secrets, from, minutes }: Span): Promise<number> {
  const ids = stations.map(({ id }) => id);
  const fleet = await StationFleet.connect(system.mqtt, ids, secrets);
  for (let minute = from; minute < from + minutes; minute++) {
    for (const [i, station] of stations.entries()) {
      const { phenomenonTime, results } = airReading(station, i, minute, fires(stations.length));
      fleet.send(i, fleet.packet(i, JSON.stringify({ phenomenonTime, results })));
    }
    await fleet.acknowledged();
  }
  fleet.close();
  return from + minutes;
}

const fires =
  (stations: number): Happening =>
  (station, minute, calm) => {
    const burning = Math.floor(minute / FIRE_EVERY) % stations === station;
    return burning && minute % FIRE_EVERY < FIRE_MINUTES ? calm + 400 : calm;
  };

/** What the start had to open. */
function stateOf(dataDir: string): Record<string, number> {
  const count = (file: string, sql: string): number => {
    const db = new DatabaseSync(join(dataDir, file), { readOnly: true });
    try {
      return Number(db.prepare(sql).get()?.["n"]);
    } finally {
      db.close();
    }
  };
  return {
    readings: count("readings.sqlite", "SELECT count(*) AS n FROM raw"),
    "log messages": count("log.sqlite", "SELECT count(*) AS n FROM log_readings"),
    episodes: count("hotgrid.sqlite", "SELECT count(*) AS n FROM episodes"),
    tickets: count("hotgrid.sqlite", "SELECT count(*) AS n FROM tickets"),
    "files, MB": Math.round(FILES.reduce((sum, file) => sum + statSync(join(dataDir, file)).size, 0) / 2 ** 20),
  };
}
const FILES = ["readings.sqlite", "log.sqlite", "hotgrid.sqlite", "detector.snapshot"];

function result(name: string, aim: number, starts: readonly Start[], details: Record<string, number>): BenchResult {
  const seconds = starts.map((start) => start.seconds);
  return {
    name,
    value: round2(percentile(seconds, 0.5)),
    unit: "s to the ready file, p50",
    aim,
    details: {
      starts: starts.length,
      "slowest, s": round2(Math.max(...seconds)),
      "CPU of a start, s": round2(
        percentile(
          starts.map(({ cpu }) => cpu),
          0.5,
        ),
      ),
      ...details,
    },
  };
}

const round2 = (value: number): number => Number(value.toFixed(2));
