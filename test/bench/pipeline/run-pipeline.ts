import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { wallNow } from "../loop/message-endpoint.ts";
import { cpuSeconds, residentBytes } from "../process-cost.ts";
import type { Pipeline } from "./pipeline.ts";
import type { LoadOrder, LoadReport } from "./publish-load.ts";
import { storedRows } from "./stored-rows.ts";

/** A look costs InfluxDB some hundredth of a core; the last ones, by which the run ends, come more often. */
const LOOK_EVERY_MS = 1000;
const LAST_LOOKS_EVERY_MS = 200;
/** Without a further row for so long, what is missing is lost, ms: longer than any pause before another try. */
const LOST_AFTER_MS = 30_000;

/** Counts that only rise, each with its time, epoch ms. */
type Curve = readonly { readonly at: number; readonly count: number }[];

export interface PipelineRun {
  /** From the first publish to the last row, s. */
  readonly seconds: number;
  readonly published: number;
  readonly stored: number;
  /** Most readings that were acknowledged and not yet stored. */
  readonly backlog: number;
  /** ms from publish to PUBACK. */
  readonly pubacks: readonly number[];
  readonly acknowledged: Curve;
  readonly rows: Curve;
  /** CPU time of each process from the first publish to the last row, s. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  /** Most memory of each process then, MiB. */
  readonly mebibytes: Readonly<Record<string, number>>;
}

/** Publishes the order's readings and waits until InfluxDB has them all, or gets no more. */
export async function runPipeline(
  pipeline: Pipeline,
  order: Omit<LoadOrder, "port" | "secrets">,
): Promise<PipelineRun> {
  const load = fork(join(import.meta.dirname, "publish-load.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const acknowledged: { at: number; count: number }[] = [];
  const ready = Promise.withResolvers<void>();
  const done = Promise.withResolvers<Extract<LoadReport, { kind: "done" }>>();
  load.on("message", (report: LoadReport) => {
    if (report.kind === "ready") ready.resolve();
    else if (report.kind === "progress") acknowledged.push({ at: report.at, count: report.acknowledged });
    else done.resolve(report);
  });
  void once(load, "exit").then(([code]) => {
    if (code !== 0) for (const end of [ready, done]) end.reject(new Error(`the load ended with ${code}`));
  });
  const secrets = pipeline.secrets && Object.fromEntries(pipeline.secrets);
  load.send({ ...order, port: pipeline.mqttPort, secrets } satisfies LoadOrder);
  await ready.promise;
  const before = costs(pipeline);
  const began = wallNow();
  load.send("go");
  const published = order.stations.length * order.minutes;
  const { rows, mebibytes } = await follow(pipeline, published, () => acknowledged.at(-1)?.count ?? 0);
  const { cpuSeconds: spent, latencies } = await done.promise;
  const seconds = ((rows.at(-1)?.at ?? Number.NaN) - began) / 1000;
  const after = costs(pipeline);
  const used = Object.entries(after).map(([name, s]) => [name, s - (before[name] ?? 0)] as const);
  return {
    ...{ seconds, published, pubacks: latencies, acknowledged, rows, mebibytes },
    stored: rows.at(-1)?.count ?? 0,
    backlog: Math.max(0, ...rows.map((row) => countAt(acknowledged, row.at) - row.count)),
    cpuSeconds: { ...Object.fromEntries(used), load: spent },
  };
}

async function follow(pipeline: Pipeline, published: number, acknowledged: () => number) {
  const rows: { at: number; count: number }[] = [];
  const mebibytes: Record<string, number> = {};
  let [count, changedAt] = [0, performance.now()];
  while (count < published && (acknowledged() < published || performance.now() - changedAt < LOST_AFTER_MS)) {
    const pause = acknowledged() < published ? LOOK_EVERY_MS : LAST_LOOKS_EVERY_MS;
    await new Promise((resolve) => setTimeout(resolve, pause));
    const now = await storedRows(pipeline.influxUrl, pipeline.database);
    if (now !== count) {
      [count, changedAt] = [now, performance.now()];
      rows.push({ at: wallNow(), count });
    }
    for (const [name, pid] of Object.entries(pipeline.pids)) {
      const held = residentBytes(pid ?? undefined) / 1024 ** 2;
      mebibytes[name] = Math.max(mebibytes[name] ?? 0, Math.round(held));
    }
  }
  return { rows, mebibytes };
}

const costs = ({ pids }: Pipeline): Record<string, number> =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid ?? undefined)]));

/** What a curve had reached at a time. */
function countAt(curve: Curve, at: number): number {
  return curve.findLast((point) => point.at <= at)?.count ?? 0;
}

/** ms from acknowledgement to row, of every thousandth of the readings: the first curve to reach a count, and the second. */
export function lagsBetween(first: Curve, second: Curve, total: number): number[] {
  const reached = (curve: Curve, count: number) => curve.find((point) => point.count >= count)?.at;
  return Array.from({ length: 1000 }, (_, i) => Math.ceil(((i + 1) / 1000) * total)).flatMap((count) => {
    const [from, to] = [reached(first, count), reached(second, count)];
    return from === undefined || to === undefined ? [] : [Math.max(0, to - from)];
  });
}
