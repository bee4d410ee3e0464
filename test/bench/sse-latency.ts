import { hasTopology } from "../harness/topology.ts";
import type { BenchResult } from "./detector.ts";
import { BEHIND_MINUTES } from "./loop/bench-air.ts";
import { type ListenedSystem, startBenchSystem } from "./loop/bench-system.ts";
import { startBenchTopology } from "./loop/bench-topology.ts";
import { CALM_MINUTES, fires, LONELY_FIRES, publishAtRate, SMOKE_MINUTES } from "./loop/fires-at-rate.ts";
import { listen, logIn } from "./loop/listening-browser.ts";
import { percentile } from "./loop/percentile.ts";
import { decidingReadings } from "./loop/warm-detector.ts";
import { cpuSeconds } from "./process-cost.ts";

/** Issue 5's rate. A minute of event time takes 1.5 s: forty times the pace of such a network. */
const [RATE, STATIONS, MINUTES, FIRES_PER_MINUTE] = [1000, 1500, 40, 2];
const MINUTE_MS = 60_000;
/** Issue 5, ms. */
const AIMS = { 0.5: 30, 0.99: 150 } as const;
/** Time for the last events to come, ms. */
const LAST_MS = 1000;

/** From the publish of a reading to the server-sent event that shows it, and from the publish of the reading that decides an
 *  episode to the event that tells of it, one browser listening: the embedded system as one process, and the distributed
 *  one on the same machine, where its servers are installed. */
export async function benchSseLatency(): Promise<BenchResult[]> {
  const minute = Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES;
  const city = { count: STATIONS, rules: LONELY_FIRES, minute };
  const results = await measure("embedded", minute, await startBenchSystem({ ...city, platform: false }));
  if (hasTopology()) return [...results, ...(await measure("distributed", minute, await startBenchTopology(city)))];
  process.stderr.write("sse-latency: distributed left out, nats-server, influxdb or postgresql is not installed\n");
  return results;
}

async function measure(mode: string, first: number, system: ListenedSystem): Promise<BenchResult[]> {
  const stop = new AbortController();
  try {
    const happening = fires(STATIONS, FIRES_PER_MINUTE, first + CALM_MINUTES);
    const span = { from: first, to: first + CALM_MINUTES + SMOKE_MINUTES + MINUTES };
    const deciding = decidingReadings(system.snapshot, system, span, happening);
    const sent = new Map<number, Float64Array>();
    const browser = await logIn(system);
    await system.loop?.();
    const listening = listen(browser, system, sent, stop.signal);
    const costs = costsOf(system);
    await publishAtRate(system, RATE, span, happening, sent);
    const cores = costs();
    const loop = await system.loop?.();
    await new Promise((resolve) => setTimeout(resolve, LAST_MS));
    stop.abort();
    const { readings, confirmed } = await listening;
    const episodes = [...deciding].flatMap(([id, { minute, station }]) => {
      const [at, from] = [confirmed.get(id), sent.get(minute)?.[station]];
      return at === undefined || from === undefined ? [] : [at - from];
    });
    const details = {
      stations: STATIONS,
      published: STATIONS * (span.to - span.from),
      "readings shown": readings.length,
      "episodes decided": deciding.size,
      "episodes shown": episodes.length,
      "share of a core": cores,
      ...(loop && { "event loop delay p99 / max, ms": `${loop.p99} / ${loop.max}` }),
    };
    return [
      ...resultsOf(`${mode}, reading`, readings, details),
      ...resultsOf(`${mode}, deciding reading, to its episode`, episodes, details),
    ];
  } finally {
    stop.abort();
    await system.close();
  }
}

function resultsOf(
  what: string,
  latencies: readonly number[],
  details: NonNullable<BenchResult["details"]>,
): BenchResult[] {
  return ([0.5, 0.99] as const).map((share) => ({
    name: `publish to SSE event, ${RATE} readings/s, ${what}, p${share * 100}`,
    value: Number(percentile(latencies, share).toFixed(1)),
    unit: "ms",
    aim: AIMS[share],
    details,
  }));
}

/** Begins to count; the function gives what share of a core each process took since. */
function costsOf({ pids }: ListenedSystem): () => string {
  const before = new Map(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)]));
  const [own, began] = [process.cpuUsage(), performance.now()];
  return () => {
    const { user, system } = process.cpuUsage(own);
    const seconds = (performance.now() - began) / 1000;
    const spent = Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid) - (before.get(name) ?? 0)] as const);
    const all = [...spent, ["load and browser", (user + system) / 1e6] as const];
    return all.map(([name, cpu]) => `${name} ${(cpu / seconds).toFixed(2)}`).join(", ");
  };
}
