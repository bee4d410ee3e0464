import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readSeeds, type Seeds } from "@hotgrid/store";
import { type Embedded, ROOT, startEmbedded } from "../harness/embedded.ts";
import { issueSecrets } from "../harness/station-secrets.ts";
import type { BenchResult } from "./detector.ts";
import { folderOnDisk } from "./folder-on-disk.ts";
import { airReading, BEHIND_MINUTES, CALM } from "./loop/bench-air.ts";
import { LOOP_METER, untilIdle } from "./loop/loop-of.ts";
import { StationFleet } from "./loop/station-fleet.ts";
import { openFilesLimit } from "./open-files-limit.ts";
import { cpuSeconds } from "./process-cost.ts";

const SHAOXING = resolve(ROOT, "seeds", "shaoxing");
const SIZES = [300, 3000, 30_000];
/** Readings whose cost counts, and those before, which compile the code and fill what is kept of each station. */
const MEASURED = 120_000;
const WARM = 60_000;
/** Degrees between stations, some 2 km: a larger network covers more ground. */
const SPACING = { lon: 0.0207, lat: 0.018 };
const CORNER = { lon: 118, lat: 27 };
/** Files of the bench and of the system besides a connection for each station. */
const OTHER_FILES = 500;
const MINUTE_MS = 60_000;
/** Issue 5: flat within 15 %. */
const AIM_RATIO = 1.15;

interface Cost {
  readonly stations: number;
  readonly microseconds: number;
  readonly loadMicroseconds: number;
}

/** CPU of the embedded system for a reading, from the gateway's socket to recorder and detector, console included, in
 *  networks of several sizes: minute by minute, as fast as they are taken. */
export async function benchGrowth(): Promise<BenchResult[]> {
  const folder = await folderOnDisk();
  const possible = openFilesLimit() - OTHER_FILES;
  const costs: Cost[] = [];
  try {
    for (const wanted of SIZES) {
      const stations = Math.min(wanted, possible);
      if (stations < wanted) process.stderr.write(`bench: growth: ${stations} instead of ${wanted}: ulimit -n\n`);
      costs.push(await cost(join(folder, String(wanted)), stations));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return costs.map(({ stations, microseconds, loadMicroseconds }) => ({
    name: `growth, ${stations} stations`,
    value: round(microseconds),
    unit: "µs of CPU per reading",
    ...(stations > 300 && {
      peer: { name: "300 stations", value: round(costs[0]?.microseconds ?? Number.NaN) },
      ratio: round(microseconds / (costs[0]?.microseconds ?? Number.NaN)),
      aim: AIM_RATIO,
    }),
    details: { readings: MEASURED, "load, µs of CPU per reading": round(loadMicroseconds) },
  }));
}

async function cost(folder: string, count: number): Promise<Cost> {
  const dataDir = join(folder, "data");
  mkdirSync(dataDir, { recursive: true });
  const seeds = await latticeCity(join(folder, "seeds"), count);
  const secrets = await issueSecrets(folder, dataDir, join(folder, "seeds"));
  const words = ["--no-simulator", "--seeds", join(folder, "seeds"), "--allow-holes"];
  const env = { HOTGRID_LOG_LEVEL: "error" };
  const system = await startEmbedded({ dataDir, words, preload: LOOP_METER, env });
  const ids = seeds.stations.map(({ id }) => id);
  const fleet = await StationFleet.connect(system.mqtt, ids, secrets);
  const minutes = (readings: number) => Math.ceil(readings / count);
  const first = Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES - minutes(WARM) - minutes(MEASURED);
  try {
    await publish(system, fleet, seeds, { from: first, minutes: minutes(WARM) });
    const [before, own] = [cpuSeconds(system.pid), process.cpuUsage()];
    await publish(system, fleet, seeds, { from: first + minutes(WARM), minutes: minutes(MEASURED) });
    const { user, system: kernel } = process.cpuUsage(own);
    const readings = minutes(MEASURED) * count;
    return {
      stations: count,
      microseconds: (1e6 * (cpuSeconds(system.pid) - before)) / readings,
      loadMicroseconds: (user + kernel) / readings,
    };
  } finally {
    fleet.close();
    await system.stop();
  }
}

/** Resolves when everything is recorded and judged. */
async function publish(
  system: Embedded,
  fleet: StationFleet,
  { stations }: Seeds,
  { from, minutes }: { readonly from: number; readonly minutes: number },
): Promise<void> {
  for (let minute = from; minute < from + minutes; minute++) {
    for (const [i, station] of stations.entries()) {
      const { phenomenonTime, results } = airReading(station, i, minute, CALM);
      fleet.send(i, fleet.packet(i, JSON.stringify({ phenomenonTime, results })));
    }
    await fleet.acknowledged();
  }
  await untilIdle(system.child);
}

/** Shaoxing's people and rules, with stations on a lattice that grows. */
async function latticeCity(dir: string, count: number): Promise<Seeds> {
  cpSync(SHAOXING, dir, { recursive: true });
  const { stations } = await readSeeds(SHAOXING);
  const side = Math.ceil(Math.sqrt(count));
  const rows = Array.from({ length: count }, (_, i) => {
    const lon = (CORNER.lon + (i % side) * SPACING.lon).toFixed(6);
    const lat = (CORNER.lat + Math.floor(i / side) * SPACING.lat).toFixed(6);
    const division = stations[i % stations.length]?.division ?? "";
    return `G-${i},G-${i},micro,${lon},${lat},${division},pm25 pm10 relativeHumidity windSpeed windDirection,60`;
  });
  const head = "id,name,kind,lon,lat,division,properties,intervalSeconds";
  writeFileSync(join(dir, "stations.csv"), `${[head, ...rows].join("\n")}\n`);
  return readSeeds(dir);
}

const round = (value: number): number => Number(value.toPrecision(3));
