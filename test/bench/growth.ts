import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readSeeds, type Seeds } from "@hotgrid/store";
import { type Embedded, ROOT, startEmbedded } from "../harness/embedded.ts";
import { startMosquitto } from "../harness/servers/mosquitto.ts";
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
/** Readings at least whose cost counts, and those before, which compile the code and fill what is kept of each station. */
const MEASURED = 120_000;
const WARM = 60_000;
/** Minutes of each at least: in its first ones a network costs more, as each station's memory is made. */
const LEAST_MINUTES = 10;
/** Degrees between stations, some 2 km: a larger network covers more ground. */
const SPACING = { lon: 0.0207, lat: 0.018 };
const CORNER = { lon: 118, lat: 27 };
/** Connections that carry all stations where a Mosquitto stands before the gateway. */
const SHARED_CONNECTIONS = 30;
/** One bridge connection keeps the stations in step; so many messages on their way make up for the others. */
const IN_FLIGHT = 2000;
/** Files of the bench and of the system besides a connection for each station. */
const OTHER_FILES = 500;
const MINUTE_MS = 60_000;
/** Issue 5: flat within 15 %. */
const AIM_RATIO = 1.15;

/** How stations come to the system: each by itself, or through a Mosquitto that the gateway takes from. */
type Way = "at the gateway" | "bridged from Mosquitto";

interface Cost {
  readonly way: Way;
  readonly stations: number;
  readonly readings: number;
  readonly microseconds: number;
  readonly loadMicroseconds: number;
  /** Share of all readings published that is stored. */
  readonly stored: number;
}

/** CPU of the embedded system for a reading, from the gateway's socket to recorder and detector, console included, in
 *  networks of several sizes: minute by minute, as fast as they are taken. */
export async function benchGrowth(): Promise<BenchResult[]> {
  const folder = await folderOnDisk();
  const possible = openFilesLimit() - OTHER_FILES;
  const atTheGateway: Cost[] = [];
  const bridged: Cost[] = [];
  try {
    for (const wanted of SIZES) {
      const stations = Math.min(wanted, possible);
      if (stations < wanted) process.stderr.write(`bench: growth: ${stations} instead of ${wanted}: ulimit -n\n`);
      atTheGateway.push(await cost(join(folder, `gateway-${wanted}`), stations, "at the gateway"));
      bridged.push(await cost(join(folder, `bridged-${wanted}`), wanted, "bridged from Mosquitto"));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return [...besideTheFirst(atTheGateway), ...besideTheFirst(bridged)];
}

function besideTheFirst([first, ...larger]: readonly Cost[]): BenchResult[] {
  if (!first) return [];
  return [first, ...larger].map((cost) => ({
    name: `growth, ${cost.stations} stations ${cost.way}`,
    value: round(cost.microseconds),
    unit: "µs of CPU per reading",
    ...(cost !== first && {
      peer: { name: `${first.stations} stations`, value: round(first.microseconds) },
      ratio: round(cost.microseconds / first.microseconds),
      aim: AIM_RATIO,
    }),
    details: {
      readings: cost.readings,
      stored: cost.stored,
      "load, µs of CPU per reading": round(cost.loadMicroseconds),
    },
  }));
}

async function cost(folder: string, count: number, way: Way): Promise<Cost> {
  const dataDir = join(folder, "data");
  mkdirSync(dataDir, { recursive: true });
  const seeds = await latticeCity(join(folder, "seeds"), count);
  const secrets = await issueSecrets(folder, dataDir, join(folder, "seeds"));
  const words = ["--no-simulator", "--seeds", join(folder, "seeds"), "--allow-holes"];
  const mosquitto =
    way === "bridged from Mosquitto"
      ? await startMosquitto(join(folder, "mosquitto"), [`max_inflight_messages ${IN_FLIGHT}`])
      : undefined;
  const env = {
    HOTGRID_LOG_LEVEL: "error",
    ...(mosquitto && { HOTGRID_BRIDGE_URL: `mqtt://127.0.0.1:${mosquitto.port}`, HOTGRID_BRIDGE_CONNECTIONS: "1" }),
  };
  const system = await startEmbedded({ dataDir, words, preload: LOOP_METER, env });
  const ids = seeds.stations.map(({ id }) => id);
  const fleet = mosquitto
    ? await StationFleet.connectShared(mosquitto.port, ids, SHARED_CONNECTIONS)
    : await StationFleet.connect(system.mqtt, ids, secrets);
  const minutes = (readings: number) => Math.max(LEAST_MINUTES, Math.ceil(readings / count));
  const first = Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES - minutes(WARM) - minutes(MEASURED);
  try {
    // A bridge has subscribed by then: before that Mosquitto keeps nothing for it.
    await untilIdle(system.child);
    await publish(system, fleet, seeds, { from: first, minutes: minutes(WARM) });
    const [before, own] = [cpuSeconds(system.pid), process.cpuUsage()];
    await publish(system, fleet, seeds, { from: first + minutes(WARM), minutes: minutes(MEASURED) });
    const { user, system: kernel } = process.cpuUsage(own);
    const readings = minutes(MEASURED) * count;
    return {
      way,
      stations: count,
      readings,
      stored: storedReadings(dataDir) / (readings + minutes(WARM) * count),
      microseconds: (1e6 * (cpuSeconds(system.pid) - before)) / readings,
      loadMicroseconds: (user + kernel) / readings,
    };
  } finally {
    fleet.close();
    await system.stop();
    await mosquitto?.process.end();
  }
}

function storedReadings(dataDir: string): number {
  const db = new DatabaseSync(join(dataDir, "readings.sqlite"), { readOnly: true });
  try {
    return Number(db.prepare("SELECT count(*) AS n FROM raw").get()?.["n"]);
  } finally {
    db.close();
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
