import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Station } from "@hotgrid/contracts";
import { hasInflux } from "../harness/servers/influx-server.ts";
import { hasMosquitto } from "../harness/servers/mosquitto.ts";
import { hasNatsServer } from "../harness/servers/nats-server.ts";
import type { BenchResult } from "./detector.ts";
import { folderOnDisk } from "./folder-on-disk.ts";
import { BEHIND_MINUTES } from "./loop/bench-air.ts";
import { benchCity } from "./loop/bench-city.ts";
import { percentile } from "./loop/percentile.ts";
import { startHotgridPipeline } from "./pipeline/hotgrid-pipeline.ts";
import { installNodeRed, NODE_RED, startNodeRedPipeline } from "./pipeline/node-red-pipeline.ts";
import type { Pipeline } from "./pipeline/pipeline.ts";
import { lagsBetween, type PipelineRun, runPipeline } from "./pipeline/run-pipeline.ts";

/** Some fifty villages' worth of Shaoxing, each reporting for these minutes as fast as it is acknowledged. */
const STATIONS = 1000;
const MINUTES = 240;
/** Minutes of event time that are on their way at once, so many publishes of each connection, and how long the detector
 *  waits for the last station, s: within what its rings keep, so that it leaves nothing out. */
const [AHEAD, LATENESS_SECONDS] = [4, 300];
/** Of the peer that writes each message by itself, which takes ten times as long. */
const MINUTES_EACH = 40;
const MINUTE_MS = 60_000;
/** Issue 5: three times the peer's rate. */
const AIM_RATIO = 3;
/** Without its first hours of only listening: what is measured decides. */
const RULES = { coldStart: { silentHours: 0 }, time: { latenessSeconds: LATENESS_SECONDS } };

/** Readings a second from MQTT into InfluxDB with validation, a durable log and detection, beside Node-RED without them, on
 *  the same Mosquitto and InfluxDB: Node-RED with the nodes as they are, and with a function written by hand that gathers. */
export async function benchEndToEnd(): Promise<BenchResult[]> {
  if (!hasNatsServer() || !hasInflux() || !hasMosquitto()) {
    process.stderr.write("bench: end-to-end needs nats-server, influxdb and mosquitto\n");
    return [];
  }
  const folder = await folderOnDisk();
  try {
    const { dir, seeds } = await benchCity(folder, STATIONS, RULES);
    const userDir = join(folder, "node-red");
    await installNodeRed(userDir);
    const run = (starting: Promise<Pipeline>, minutes: number) => runAndClose(starting, seeds.stations, minutes);
    const direct = await run(startHotgridPipeline(join(folder, "direct"), dir, false), MINUTES);
    const gathered = await run(startNodeRedPipeline(join(folder, "gathered"), userDir, "gathered"), MINUTES);
    const bridged = await run(startHotgridPipeline(join(folder, "bridged"), dir, true), MINUTES);
    const each = await run(startNodeRedPipeline(join(folder, "each"), userDir, "each"), MINUTES_EACH);
    const plain = { name: `Node-RED ${NODE_RED}`, run: each, aim: AIM_RATIO };
    return [
      resultOf("end to end, stations at the gateway", direct, plain),
      resultOf("end to end, bridged from Mosquitto", bridged, plain),
      resultOf("end to end, stations at the gateway", direct, {
        name: `Node-RED ${NODE_RED} with a function that gathers`,
        run: gathered,
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runAndClose(starting: Promise<Pipeline>, stations: readonly Station[], minutes: number): Promise<Run> {
  const pipeline = await starting;
  try {
    const from = Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES - minutes;
    const run = await runPipeline(pipeline, { stations, from, minutes, ahead: AHEAD });
    return { ...run, facts: await pipeline.facts() };
  } finally {
    await pipeline.close();
  }
}

type Run = PipelineRun & { readonly facts: Readonly<Record<string, number>> };

const rateOf = ({ stored, seconds }: PipelineRun): number => Math.round(stored / seconds);

interface Peer {
  readonly name: string;
  readonly run: Run;
  readonly aim?: number;
}

function resultOf(name: string, ours: Run, { name: peer, run, aim }: Peer): BenchResult {
  return {
    name,
    value: rateOf(ours),
    unit: "readings/s stored",
    peer: { name: peer, value: rateOf(run) },
    ratio: round(rateOf(ours) / rateOf(run)),
    ...(aim !== undefined && { aim }),
    details: { stations: STATIONS, ...factsOf("", ours), ...factsOf("Node-RED: ", run) },
  };
}

function factsOf(prefix: string, run: Run): Record<string, number | string> {
  const lags = lagsBetween(run.acknowledged, run.rows, run.published);
  const facts = {
    published: run.published,
    lost: run.published - run.stored,
    ...run.facts,
    "most acknowledged and not stored": run.backlog,
    "publish to PUBACK p50 / p99, ms": quantiles(run.pubacks),
    "PUBACK to stored p50 / p99, ms": quantiles(lags),
    "share of a core": listOf(run.cpuSeconds, 1 / run.seconds),
    "CPU µs per reading": listOf(run.cpuSeconds, 1e6 / run.published),
    "memory at most, MiB": listOf(run.mebibytes, 1),
  };
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [`${prefix}${key}`, value]));
}

const quantiles = (values: readonly number[]): string =>
  `${round(percentile(values, 0.5))} / ${round(percentile(values, 0.99))}`;
const listOf = (values: Readonly<Record<string, number>>, factor: number): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${round(value * factor)}`)
    .join(", ");
const round = (value: number): number => Number(value.toPrecision(3));
