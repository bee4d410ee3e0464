import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Station } from "@hotgrid/contracts";
import { prepareStations, startGatewayProcess } from "@hotgrid/gateway-service/testing";
import type { StationLoadOptions, StationLoadResult } from "./connections/station-load.ts";
import type { BenchResult } from "./detector.ts";
import { folderOnDisk } from "./folder-on-disk.ts";
import { percentile } from "./loop/percentile.ts";
import { openFilesLimit } from "./open-files-limit.ts";
import { cpuSeconds, residentBytes } from "./process-cost.ts";

const SIZES = [10_000, 50_000];
/** What docs/operating.md advises for many stations: V8 makes room for as many young objects as a burst of connects
 *  leaves behind, and keeps it. */
const NODE_OPTIONS = ["--max-semi-space-size=32"];
/** Files that the gateway keeps for what is no connection (its connection-bound.ts), and some. */
const OTHER_FILES = 500;
/** Stations of one load process, and of one source address: an address has 28,000 ports, and the gateway takes 2,000
 *  connections from one at once (its limits.ts). */
const STATIONS_PER_PROCESS = 10_000;
const STATIONS_PER_ADDRESS = 1500;
/** Longer than the gateway waits for a keep-alive of 30 s, and than a reading's minute. */
const WATCHED_MS = 65_000;
/** Issue 5: resident memory per connected station, bytes. */
const AIM_BYTES = 20 * 1024;

/** Many stations connected to one gateway process, a reading a minute each, with keep-alive: what one costs. */
export async function benchConnections(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  const possible = openFilesLimit() - OTHER_FILES;
  for (const wanted of SIZES) {
    const count = Math.min(wanted, possible);
    if (count < wanted) {
      const need = `ulimit -n ${wanted + OTHER_FILES}`;
      process.stderr.write(`bench: connections: ${count} instead of ${wanted}; all of them need ${need} beforehand\n`);
    }
    results.push(await connected(wanted, count));
  }
  return results;
}

async function connected(wanted: number, count: number): Promise<BenchResult> {
  const folder = await folderOnDisk();
  const stations = Array.from({ length: count }, (_, i) => station(`C-${String(i).padStart(6, "0")}`));
  const secrets = await prepareStations(folder, stations);
  const gateway = await startGatewayProcess(folder, { nodeOptions: NODE_OPTIONS });
  const { pid } = gateway.child;
  const base = residentBytes(pid);
  const began = performance.now();
  const loads = startLoads(gateway.port, stations, secrets);
  try {
    await Promise.all(loads.map(({ connected: all }) => all));
    const connectSeconds = (performance.now() - began) / 1000;
    const atOnce = residentBytes(pid);
    const cpu = cpuSeconds(pid);
    await new Promise((watched) => setTimeout(watched, WATCHED_MS));
    const gatewayCores = (cpuSeconds(pid) - cpu) / (WATCHED_MS / 1000);
    const resident = residentBytes(pid);
    const ends = await Promise.all(loads.map((load) => load.end()));
    const latencies = ends.flatMap((end) => end.latencies);
    const sum = (key: keyof Omit<StationLoadResult, "latencies" | "firstLoss">) =>
      ends.reduce((total, end) => total + end[key], 0);
    const lost = sum("lost");
    return {
      name: `connections, ${count} stations`,
      value: Math.round((resident - base) / (count - lost)),
      unit: "bytes of RSS per connected station",
      aim: AIM_BYTES,
      details: {
        wanted,
        connected: count - lost,
        "connections lost": lost,
        ...(lost > 0 && { "first loss": ends.map(({ firstLoss }) => firstLoss).find((why) => why !== "") ?? "" }),
        "keepalives without answer": sum("pings") - sum("pingAnswers"),
        "keepalives asked": sum("pings"),
        "readings published": sum("published"),
        "readings without PUBACK": sum("published") - sum("acknowledged"),
        "PUBACK p50 ms": round(percentile(latencies, 0.5)),
        "PUBACK p99 ms": round(percentile(latencies, 0.99)),
        "RSS before, MB": round(base / 2 ** 20),
        "RSS when all had connected, MB": round(atOnce / 2 ** 20),
        "RSS at the end, MB": round(resident / 2 ** 20),
        "seconds to connect all": round(connectSeconds),
        "gateway cores while connected": round(gatewayCores),
        "load cores": round(sum("cpuSeconds") / (WATCHED_MS / 1000)),
      },
    };
  } finally {
    for (const { child } of loads) child.kill();
    await gateway.stop("SIGTERM");
    await rm(folder, { recursive: true });
  }
}

interface Load {
  readonly child: ChildProcess;
  readonly connected: Promise<unknown>;
  end(): Promise<StationLoadResult>;
}

function startLoads(port: number, stations: readonly Station[], secrets: ReadonlyMap<string, string>): Load[] {
  const all = stations.map(({ id }, i) => ({
    id,
    secret: secrets.get(id) ?? "",
    address: `127.0.1.${1 + Math.floor(i / STATIONS_PER_ADDRESS)}`,
  }));
  const shares = Array.from({ length: Math.ceil(all.length / STATIONS_PER_PROCESS) }, (_, i) =>
    all.slice(i * STATIONS_PER_PROCESS, (i + 1) * STATIONS_PER_PROCESS),
  );
  return shares.map((share) => startLoad({ port, stations: share }));
}

function startLoad(options: StationLoadOptions): Load {
  const file = resolve(import.meta.dirname, "connections", "station-load.ts");
  const child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"], serialization: "advanced" });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`the load ended with ${code}`);
  });
  failed.catch(() => undefined);
  const message = async () => (await Promise.race([once(child, "message"), failed]))[0];
  child.send(options);
  const connected = message();
  return {
    child,
    connected,
    end: () => {
      child.send("end");
      return message();
    },
  };
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

const round = (value: number): number => Number(value.toPrecision(3));
