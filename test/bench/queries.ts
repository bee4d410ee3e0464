import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Station } from "@hotgrid/contracts";
import { readSeeds } from "@hotgrid/store";
import { hasTopology } from "../harness/topology.ts";
import type { BenchResult } from "./detector.ts";
import { folderOnDisk } from "./folder-on-disk.ts";
import { airReading, CALM } from "./loop/bench-air.ts";
import { benchCity } from "./loop/bench-city.ts";
import { percentile } from "./loop/percentile.ts";
import { cpuSeconds } from "./process-cost.ts";
import { DENSE_STATIONS, MONTH_HOURS, SPARE_HOURS } from "./queries/month-of-readings.ts";
import { distributedSystem, embeddedSystem, type QueriedCity, type QueriedSystem } from "./queries/queried-systems.ts";
import { timedRequests } from "./queries/timed-requests.ts";

const STATIONS = 300;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Requests of each kind; at most 3,000 a minute are answered from one address. */
const REQUESTS = 600;
/** Stations that report meanwhile, a second: 300 stations with a reading a minute each. */
const WRITTEN_PER_SECOND = 5;

interface Query {
  readonly name: string;
  /** p99, ms: issue 5. */
  readonly aim: number;
  readonly paths: readonly string[];
}

/** Questions of the console's pages over HTTP with a login, one after the other, while readings come in. */
export async function benchQueries(): Promise<BenchResult[]> {
  const folder = await folderOnDisk();
  try {
    const { dir } = await benchCity(folder, STATIONS, {});
    hourly(join(dir, "stations.csv"));
    const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    const city: QueriedCity = { folder, seedsDir: dir, seeds: await readSeeds(dir), now };
    const results = await measured(await embeddedSystem(city), city);
    if (hasTopology()) return [...results, ...(await measured(await distributedSystem(city), city))];
    process.stderr.write("bench: queries: without nats-server, influxd and PostgreSQL only the embedded system\n");
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One reading makes a valid hour: a month is as many rows, and filled in seconds. */
function hourly(file: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(/,60$/gm, ",3600"));
}

function queriesOf({ seeds, now }: QueriedCity): Query[] {
  const of = (list: readonly Station[], i: number) => list[i % list.length]?.id ?? "";
  const dense = seeds.stations.slice(0, DENSE_STATIONS);
  const span = (from: number, to: number) => `from=${from}&to=${to}`;
  const month = (i: number) => span(now - (MONTH_HOURS + i) * HOUR_MS, now - i * HOUR_MS);
  const times = (n: number, path: (i: number) => string) => Array.from({ length: n }, (_, i) => path(i));
  return [
    {
      name: "24 h of one station, every minute",
      aim: 50,
      paths: times(REQUESTS, (i) => `/stations/${of(dense, i)}/readings?${span(now - DAY_MS, now)}`),
    },
    {
      name: "a month of hours ranked over 300 stations, each month another",
      aim: 300,
      paths: times(SPARE_HOURS, (i) => `/rankings?property=pm25&${month(i)}`),
    },
    { name: "the latest of all", aim: 20, paths: times(REQUESTS, () => "/stations") },
  ];
}

async function measured(system: QueriedSystem, city: QueriedCity): Promise<BenchResult[]> {
  const stop = new AbortController();
  const writing = write(system, city, stop.signal);
  const results: BenchResult[] = [];
  try {
    for (const query of queriesOf(city)) {
      // The first ones compile code and fill caches.
      await timedRequests(system.port, system.cookie, query.paths.slice(-5));
      const before = { console: cpuSeconds(system.pid), bench: process.cpuUsage(), at: performance.now() };
      const { times, bytes } = await timedRequests(system.port, system.cookie, query.paths);
      const seconds = (performance.now() - before.at) / 1000;
      const { user, system: kernel } = process.cpuUsage(before.bench);
      results.push({
        name: `queries, ${query.name}: ${system.name}`,
        value: round(percentile(times, 0.99)),
        unit: "ms, p99",
        aim: query.aim,
        details: {
          "p50 ms": round(percentile(times, 0.5)),
          requests: times.length,
          "KB of an answer over the wire": round(bytes / 1024),
          "console CPU ms per request": round((1000 * (cpuSeconds(system.pid) - before.console)) / times.length),
          "load cores": round((user + kernel) / 1e6 / seconds),
        },
      });
    }
  } finally {
    stop.abort();
    await writing;
    await system.close();
  }
  return results;
}

/** Readings as the recorder writes them, where another process may. */
async function write({ append }: QueriedSystem, { seeds }: QueriedCity, stop: AbortSignal): Promise<void> {
  for (let second = 0; append !== null && !stop.aborted; second++) {
    const first = (second * WRITTEN_PER_SECOND) % STATIONS;
    const some = seeds.stations.slice(first, first + WRITTEN_PER_SECOND);
    const minute = Math.floor(Date.now() / 60_000);
    await append(some.map((station, i) => airReading(station, first + i, minute, CALM)));
    await new Promise((next) => setTimeout(next, 1000));
  }
}

const round = (value: number): number => Number(value.toPrecision(3));
