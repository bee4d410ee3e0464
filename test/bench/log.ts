import { spawnSync } from "node:child_process";
import { mkdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bus, encodeJson, openJetStreamBus, openSqliteBus } from "@hotgrid/bus";
import { readingSubject } from "@hotgrid/contracts";
import { createLog, SystemClock, Unavailable } from "@hotgrid/runtime";
import { hasNatsServer, type NatsServer, startNatsCluster, startNatsServer } from "../harness/servers/nats-server.ts";
import type { BenchResult } from "./detector.ts";
import { folderOnDisk } from "./folder-on-disk.ts";

const CITY = "3306";
/** Readings of one log message: a city of 300 stations in the minute in which all report. */
const READINGS = 300;
/** In turns, so that what else the machine does falls on all alike. */
const ROUNDS = 6;
const MEASURE_MS = 2000;
/** Of the image of a disk that is written through, bytes. */
const IMAGE_BYTES = 2 * 1024 ** 3;

interface Setting {
  readonly name: string;
  readonly survives: string;
  readonly bus: Bus;
  readonly close: () => Promise<unknown>;
}

/** What an acknowledgement costs in each log and setting: appends one after the other, as the gateway makes them. */
export async function benchLog(): Promise<BenchResult[]> {
  const folder = await folderOnDisk();
  const settings: Setting[] = [];
  try {
    for (const open of [sqlite, jetStream, writtenThrough, cluster]) {
      const setting = await open(join(folder, open.name));
      if (setting) settings.push(setting);
    }
    const times = settings.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, { bus }] of settings.entries()) times[i]?.push(...(await appendTimes(bus)));
    }
    const asItComes = rateOf(times[settings.findIndex(({ name }) => name === "JetStream as it comes")] ?? []);
    return settings.map((setting, i) => result(setting, times[i] ?? [], asItComes));
  } finally {
    for (const { close } of settings.reverse()) await close();
    await rm(folder, { recursive: true });
  }
}

function result({ name, survives }: Setting, times: readonly number[], asItComes: number): BenchResult {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(2));
  const rate = rateOf(times);
  return {
    name: `log, ${name}`,
    value: rate,
    unit: "acknowledged readings/s",
    ...(asItComes > 0 && {
      peer: { name: "JetStream as it comes", value: asItComes },
      ratio: Number((rate / asItComes).toFixed(2)),
    }),
    details: {
      survives,
      "readings per append": READINGS,
      "p50 ms": at(0.5),
      "p99 ms": at(0.99),
      appends: times.length,
    },
  };
}

const rateOf = (times: readonly number[]): number =>
  Math.round((times.length * READINGS) / (times.reduce((sum, ms) => sum + ms, 0) / 1000));

/** Milliseconds of each append. */
async function appendTimes(bus: Bus): Promise<number[]> {
  const results = { pm25: 35.2, pm10: 60, no2: 33, so2: 8, co: 0.7, o3: 88, temperature: 18.2, relativeHumidity: 66 };
  const now = Date.now();
  const readings = Array.from({ length: READINGS }, (_, i) => ({
    stationId: `HG-330602-${i}`,
    phenomenonTime: now,
    resultTime: now,
    results,
  }));
  const entry = { subject: readingSubject(CITY), data: encodeJson({ kind: "readings", city: CITY, readings }) };
  const times: number[] = [];
  const end = performance.now() + MEASURE_MS;
  while (performance.now() < end) {
    const began = performance.now();
    await bus.append("readings", [entry]);
    times.push(performance.now() - began);
  }
  return times;
}

const common = { clock: new SystemClock(), log: createLog("bench", "silent") };

async function sqlite(folder: string): Promise<Setting> {
  await mkdir(folder);
  const bus = await openSqliteBus({ ...common, file: join(folder, "log.sqlite") });
  return { name: "SQLite, synchronous=FULL", survives: "power lost", bus, close: () => bus.close() };
}

async function jetStream(folder: string): Promise<Setting | undefined> {
  if (!hasNatsServer()) return undefined;
  return natsSetting("JetStream as it comes", "process killed", 1, [await startNatsServer(folder)]);
}

/** What `sync_interval: always` does, which nats-server has since 2.10: every write reaches the disk before it is
 *  acknowledged. Here by a file system that is mounted so, which an older server does not notice. */
async function writtenThrough(folder: string): Promise<Setting | undefined> {
  if (!hasNatsServer() || process.getuid?.() !== 0) {
    process.stderr.write("bench: log: the setting that survives a power cut needs root (mount) and nats-server\n");
    return undefined;
  }
  const image = `${folder}.image`;
  await writeFile(image, "");
  await truncate(image, IMAGE_BYTES);
  await mkdir(folder);
  run("mkfs.ext4", ["-q", image]);
  run("mount", ["-o", "loop,sync", image, folder]);
  const setting = await natsSetting("JetStream, written through", "power lost", 1, [await startNatsServer(folder)]);
  return {
    ...setting,
    close: async () => {
      await setting.close();
      run("umount", [folder]);
    },
  };
}

async function cluster(folder: string): Promise<Setting | undefined> {
  if (!hasNatsServer()) return undefined;
  return natsSetting("JetStream, three copies", "one server of three lost", 3, await startNatsCluster(folder));
}

function run(program: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${stderr}`);
}

async function natsSetting(
  name: string,
  survives: string,
  replicas: 1 | 3,
  servers: readonly NatsServer[],
): Promise<Setting> {
  const bus = await patiently(() =>
    openJetStreamBus({ ...common, servers: servers.map(({ address }) => address), name: "bench", replicas }),
  );
  const close = async () => {
    await bus.close();
    await Promise.all(servers.map((server) => server.process.end("SIGKILL")));
  };
  return { name, survives, bus, close };
}

/** A cluster has no leader in its first seconds. */
async function patiently<T>(open: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
