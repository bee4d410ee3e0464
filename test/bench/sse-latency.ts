import { EpisodeStreamEvent, ReadingSummary } from "@hotgrid/contracts";
import { ApiClient } from "../harness/api-client.ts";
import { runHotgrid } from "../harness/run-command.ts";
import type { BenchResult } from "./detector.ts";
import { BEHIND_MINUTES } from "./loop/bench-air.ts";
import { type BenchSystem, startBenchSystem } from "./loop/bench-system.ts";
import { CALM_MINUTES, fires, LONELY_FIRES, publishAtRate, SMOKE_MINUTES } from "./loop/fires-at-rate.ts";
import { wallNow } from "./loop/message-endpoint.ts";
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
const ACCOUNT = { id: "bench", password: "a long enough password" };

/** From the publish of a reading to the server-sent event that shows it, and from the publish of the reading that decides an
 *  episode to the event that tells of it: one browser, the whole embedded system as one process. */
export async function benchSseLatency(): Promise<BenchResult[]> {
  const first = Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES;
  const system = await startBenchSystem({ count: STATIONS, rules: LONELY_FIRES, platform: false, minute: first });
  const stop = new AbortController();
  try {
    const happening = fires(STATIONS, FIRES_PER_MINUTE, first + CALM_MINUTES);
    const span = { from: first, to: first + CALM_MINUTES + SMOKE_MINUTES + MINUTES };
    const deciding = decidingReadings(system.snapshot, system, span, happening);
    const sent = new Map<number, Float64Array>();
    const browser = await logIn(system);
    await system.loop();
    const heard = listen(browser, new Sent(system, sent), stop.signal);
    const [cpu, own, began] = [cpuSeconds(system.pid), process.cpuUsage(), performance.now()];
    await publishAtRate(system, RATE, span, happening, sent);
    const seconds = (performance.now() - began) / 1000;
    const cores = { system: (cpuSeconds(system.pid) - cpu) / seconds, load: coresSince(own, seconds) };
    const loop = await system.loop();
    await new Promise((resolve) => setTimeout(resolve, LAST_MS));
    stop.abort();
    const { readings, confirmed } = await heard;
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
      "share of a core": `system ${cores.system.toFixed(2)}, load and browser ${cores.load.toFixed(2)}`,
      "event loop delay p99 / max, ms": `${loop.p99} / ${loop.max}`,
    };
    return [
      ...resultsOf("reading", readings, details),
      ...resultsOf("deciding reading, to its episode", episodes, details),
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

function coresSince(before: NodeJS.CpuUsage, seconds: number): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / seconds;
}

async function logIn({ dataDir, seedsDir, http }: BenchSystem): Promise<ApiClient> {
  const words = ["users", "add", "--id", ACCOUNT.id, "--name", "值班", "--role", "operator", "--division", "330600"];
  const added = await runHotgrid([...words, "--data", dataDir, "--seeds", seedsDir], `${ACCOUNT.password}\n`);
  if (added.code !== 0) throw new Error(`users add: ${added.stderr}`);
  const browser = new ApiClient(http);
  await browser.login(ACCOUNT.id, ACCOUNT.password);
  return browser;
}

/** When which reading was sent. */
class Sent {
  readonly #times: ReadonlyMap<number, Float64Array>;
  readonly #index: ReadonlyMap<string, number>;

  constructor({ stations }: BenchSystem, times: ReadonlyMap<number, Float64Array>) {
    this.#times = times;
    this.#index = new Map(stations.map(({ id }, i) => [id, i]));
  }

  /** Epoch ms. */
  at(stationId: string, phenomenonTime: number): number | undefined {
    return this.#times.get(Math.floor(phenomenonTime / MINUTE_MS))?.[this.#index.get(stationId) ?? -1];
  }
}

/** ms from each reading's publish to its event, and when each episode was first told as confirmed, epoch ms. */
async function listen(browser: ApiClient, sent: Sent, signal: AbortSignal) {
  const readings: number[] = [];
  const confirmed = new Map<string, number>();
  try {
    for await (const { event, data } of browser.stream(signal)) {
      const now = wallNow();
      if (event === "reading-summary") {
        for (const [stationId, time] of ReadingSummary.parse(JSON.parse(data)).stations) {
          const at = sent.at(stationId, time);
          if (at !== undefined) readings.push(now - at);
        }
      } else if (event === "episode") {
        const { episode } = EpisodeStreamEvent.parse(JSON.parse(data));
        if (episode.confirmedAt !== null && !confirmed.has(episode.id)) confirmed.set(episode.id, now);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { readings, confirmed };
}
