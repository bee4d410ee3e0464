import { fork } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Station } from "@hotgrid/contracts";
import { prepareStations, startGatewayProcess } from "@hotgrid/gateway-service/testing";
import { startMosquitto } from "../harness/servers/mosquitto.ts";
import type { BenchResult } from "./detector.ts";
import { folderOnDisk } from "./folder-on-disk.ts";
import type { LoadOptions, LoadResult } from "./ingest-load.ts";
import { cpuSeconds } from "./process-cost.ts";

const CONNECTIONS = 300;
const WINDOW = 16;
/** Short rounds, taken in turns: what else the machine does then falls on both alike. */
const ROUNDS = 8;
const WARM_MS = 1000;
const MEASURE_MS = 2500;
/** Of Mosquitto: nothing held back for a window of its own. */
const UNBOUNDED = ["max_inflight_messages 0"];
/** Issue 2: half of a broker that stores nothing. */
const AIM_RATIO = 0.5;

interface Round extends LoadResult {
  /** Share of one core that the servers took together. */
  readonly serverCores: number;
}

/** Gateways under load, each in a process of its own. */
interface LoadedGateways {
  readonly ports: readonly number[];
  readonly pids: readonly (number | undefined)[];
  stop(): Promise<unknown>;
}

interface Comparison {
  readonly name: string;
  readonly aim: number;
  /** Starts them on stations that `folder` holds already. */
  readonly start: (folder: string) => Promise<LoadedGateways>;
}

/** Durable PUBACKs a second of the gateway with the SQLite log on a real disk. */
export function benchIngest(): Promise<BenchResult[]> {
  const start = async (folder: string) => {
    const { port, child, stop } = await startGatewayProcess(folder);
    return { ports: [port], pids: [child.pid], stop: () => stop("SIGTERM") };
  };
  return besideMosquitto({ name: "ingest", aim: AIM_RATIO, start });
}

/** Gateways beside Mosquitto, which stores nothing, under the same load in turns. */
export async function besideMosquitto({ name, aim, start }: Comparison): Promise<BenchResult[]> {
  const folder = await folderOnDisk();
  const stations = Array.from({ length: CONNECTIONS }, (_, i) => station(`B-${i}`));
  const secrets = await prepareStations(folder, stations);
  const gateways = await start(folder);
  const mosquitto = await startMosquitto(join(folder, "mosquitto"), UNBOUNDED);
  const load = (ports: readonly number[]): LoadOptions => ({
    ports,
    stations: stations.map(({ id }) => ({ id, secret: secrets.get(id) ?? "" })),
    window: WINDOW,
    warmMs: WARM_MS,
    measureMs: MEASURE_MS,
  });
  const ours: Round[] = [];
  const theirs: Round[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await measure(load(gateways.ports), gateways.pids));
      theirs.push(await measure(load([mosquitto.port]), [mosquitto.process.pid ?? undefined]));
    }
  } finally {
    await gateways.stop();
    await mosquitto.process.end();
    await rm(folder, { recursive: true });
  }
  return [result(name, aim, ours, theirs)];
}

function result(name: string, aim: number, ours: readonly Round[], theirs: readonly Round[]): BenchResult {
  // Of medians, not the median of pairs: a neighbour on the machine hits one half of a pair at a time.
  const of = (rounds: readonly Round[], key: keyof Round) => median(rounds.map((round) => round[key]));
  const ratios = ours.map((round, i) => round.rate / (theirs[i]?.rate ?? Number.NaN));
  return {
    name,
    value: Math.round(of(ours, "rate")),
    unit: "durable PUBACKs/s",
    peer: { name: "mosquitto, nothing stored", value: Math.round(of(theirs, "rate")) },
    ratio: round2(of(ours, "rate") / of(theirs, "rate")),
    aim,
    details: {
      connections: CONNECTIONS,
      window: WINDOW,
      rounds: ROUNDS,
      ratios: ratios.map(round2).join(" "),
      "latency p50 ms": round2(of(ours, "p50")),
      "latency p99 ms": round2(of(ours, "p99")),
      "mosquitto p50 ms": round2(of(theirs, "p50")),
      "mosquitto p99 ms": round2(of(theirs, "p99")),
      "gateway PUBACKs per CPU second": Math.round(median(ours.map((round) => round.rate / round.serverCores))),
      "gateway cores": round2(of(ours, "serverCores")),
      "mosquitto cores": round2(of(theirs, "serverCores")),
      "load cores": round2(of(ours, "cores")),
      "load cores on mosquitto": round2(of(theirs, "cores")),
    },
  };
}

const round2 = (value: number): number => Number(value.toFixed(2));

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function measure(options: LoadOptions, pids: readonly (number | undefined)[]): Promise<Round> {
  const spent = () => pids.reduce<number>((sum, pid) => sum + cpuSeconds(pid), 0);
  const load = fork(resolve(import.meta.dirname, "ingest-load.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const failed = once(load, "exit").then(([code]) => {
    throw new Error(`the load ended with ${code}`);
  });
  failed.catch(() => undefined);
  const message = async () => (await Promise.race([once(load, "message"), failed]))[0];
  load.send(options);
  await message();
  const before = spent();
  const began = performance.now();
  await message();
  const serverCores = (spent() - before) / ((performance.now() - began) / 1000);
  return { ...((await message()) as LoadResult), serverCores };
}

const station = (id: string): Station => ({
  id,
  name: id,
  kind: "micro",
  lon: 120.58,
  lat: 30,
  division: "330602001001",
  properties: ["pm25"],
  intervalSeconds: 60,
});
