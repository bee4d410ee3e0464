import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Reading, Station } from "@hotgrid/contracts";
import { createDetector, type Detector, type Geography, parseRules } from "@hotgrid/detection";

/** Shape of interfaces.md, `npm run bench`. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer?: { readonly name: string; readonly value: number };
  readonly ratio?: number;
  readonly aim?: number;
  readonly details?: Readonly<Record<string, number | string>>;
}

const RULES = new URL("../../seeds/shaoxing/rules.json", import.meta.url);
const PROPERTIES = ["pm25", "pm10", "no2", "so2", "co", "o3"] as const;
const MINUTE_MS = 60_000;
/** What the issue asks for: readings a second on one core, bytes per station and property. */
const AIM_RATE = 150_000;
const AIM_BYTES = 4096;
/** Stations: the plan of docs, 300 cities. */
const LARGEST = 100_000;
/** Memory of the largest network, MB: 3 GB. */
const AIM_MEGABYTES = 3072;

const geography: Geography = {
  locate: () => null,
  nameOf: (code) => code,
};

/** Stations 2 km apart on a lattice: what a planner would place in a dense city. */
function lattice(n: number): Station[] {
  const side = Math.ceil(Math.sqrt(n));
  return Array.from({ length: n }, (_, i) => ({
    id: `B-${String(i).padStart(6, "0")}`,
    name: `B-${i}`,
    kind: "micro",
    lon: 110 + (i % side) * 0.0207,
    lat: 30 + Math.floor(i / side) * 0.018,
    division: "330602001001",
    properties: [...PROPERTIES],
    intervalSeconds: 60,
  }));
}

/** Cheap numbers that look like air: a daily cycle, a station's own level, and noise from a linear congruence. */
function* minuteOf(stations: readonly Station[], minute: number): Generator<Reading> {
  const cycle = 40 + 8 * Math.sin(minute / 229);
  let seed = (minute * 2_654_435_761) >>> 0;
  for (let i = 0; i < stations.length; i++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const noise = seed / 2 ** 32 - 0.5;
    const x = cycle + (i % 11) + 6 * noise;
    const phenomenonTime = minute * MINUTE_MS + (i % 60) * 1000;
    yield {
      stationId: stations[i]?.id ?? "",
      phenomenonTime,
      resultTime: phenomenonTime + 500,
      results: { pm25: x, pm10: 1.5 * x, no2: 30 + 4 * noise, so2: 8 + noise, co: 0.7 + 0.1 * noise, o3: 90 - x },
    };
  }
}

function detectorOf(stations: readonly Station[]): Detector {
  const rules = parseRules(JSON.parse(readFileSync(RULES, "utf8")));
  return createDetector({ city: "330600", utcOffset: "+08:00", stations, rules, geography });
}

/** By the thread's CPU time, so that what else runs on the machine doesn't count. Readings are made before the clock
 * starts, a handful of minutes that repeat with their time moved on. */
function measure(n: number, minutes: number): { rate: number; bytes: number; megabytes: number } {
  const before = heldBytes();
  const stations = lattice(n);
  const detector = detectorOf(stations);
  const first = Math.floor(Date.UTC(2026, 10, 20) / MINUTE_MS);
  const ahead = Math.min(minutes, Math.max(4, Math.ceil(60_000 / n)));
  let spent = 0;
  let taken = 0;
  for (let minute = 0; minute < minutes; minute += ahead) {
    const readings: Reading[] = [];
    for (let m = minute; m < Math.min(minutes, minute + ahead); m++) readings.push(...minuteOf(stations, first + m));
    const started = process.threadCpuUsage();
    for (const reading of readings) detector.ingest(reading);
    const { user, system } = process.threadCpuUsage(started);
    spent += (user + system) / 1000;
    taken += readings.length;
    detector.take();
  }
  const megabytes = (heldBytes() - before) / 2 ** 20;
  return { rate: (1000 * taken) / spent, bytes: detector.snapshot().length / n / PROPERTIES.length, megabytes };
}

/** What is held on the heap and in buffers, bytes, without what is only waiting to be collected. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Readings of six properties that one core checks and decides in a second, and the state that it keeps for them. */
export async function benchDetector(): Promise<BenchResult[]> {
  const sizes = [
    { stations: 300, minutes: 3000 },
    { stations: 3000, minutes: 300 },
    { stations: LARGEST, minutes: 12 },
  ];
  measure(300, 500);
  return sizes.flatMap(({ stations, minutes }) => {
    const { rate, bytes, megabytes } = measure(stations, minutes);
    const details = { stations, minutes, properties: PROPERTIES.length };
    return [
      {
        name: `detector readings, ${stations} stations`,
        value: Math.round(rate),
        unit: "readings/s",
        aim: AIM_RATE,
        details,
      },
      {
        name: `detector state, ${stations} stations`,
        value: Math.round(bytes),
        unit: "bytes per station and property",
        aim: AIM_BYTES,
        details,
      },
      ...(stations === LARGEST
        ? [
            {
              name: `detector memory, ${stations} stations`,
              value: Math.round(megabytes),
              unit: "MB held, stations included",
              aim: AIM_MEGABYTES,
              details,
            },
          ]
        : []),
    ];
  });
}
