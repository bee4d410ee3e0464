import type { BenchResult } from "./detector.ts";
import { BEHIND_MINUTES, type Happening } from "./loop/bench-air.ts";
import { GROUP_WAIT_SECONDS } from "./loop/bench-city.ts";
import { type BenchSystem, startBenchSystem } from "./loop/bench-system.ts";
import { percentile } from "./loop/percentile.ts";
import { type Outcome, readOutcome } from "./loop/read-outcome.ts";
import { type Deciding, decidingReadings } from "./loop/warm-detector.ts";

const SIZES = [300, 3000];
const MINUTE_MS = 60_000;
/** Minutes of calm air before the storm. */
const CALM_MINUTES = 3;
const LOOK_EVERY_MS = 250;
/** Longest time to wait for the system, ms. */
const PATIENCE_MS = 20 * MINUTE_MS;

interface Storm {
  readonly name: string;
  readonly minutes: number;
  /** What the air does at every station from the storm's first minute on, see Happening. */
  readonly air: (minute: number, calm: number) => number;
}

const STORMS: readonly Storm[] = [
  // One step for the whole city, as a front or fireworks.
  { name: "regional haze", minutes: 28, air: (_minute, calm) => calm + 120 },
  // A firmware that shows a fan's plateau everywhere.
  { name: "every device faulty", minutes: 9, air: () => 999.9 },
];

/** All stations firing in the same minute: how long until every ticket, notice and message about it is settled, how many
 *  messages that makes, and how the process answers meanwhile. */
export async function benchSystemStorm(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const count of SIZES) {
    for (const storm of STORMS) results.push(await run(storm, count));
  }
  return results;
}

async function run(storm: Storm, count: number): Promise<BenchResult> {
  const first = Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES;
  const storms = first + CALM_MINUTES;
  const happening: Happening = (_station, minute, calm) => (minute < storms ? calm : storm.air(minute, calm));
  const system = await startBenchSystem({ count, rules: {}, platform: true, minute: first });
  try {
    const span = { from: first, to: storms + storm.minutes };
    const deciding = decidingReadings(system.snapshot, system, span, happening);
    return resultOf(storm.name, count, await weather(system, span, deciding, happening));
  } finally {
    await system.close();
  }
}

/** Up to the deciding minute in peace, from there on as fast as the gateway takes it. */
async function weather(
  system: BenchSystem,
  span: { readonly from: number; readonly to: number },
  deciding: ReadonlyMap<string, Deciding>,
  happening: Happening,
) {
  const from = Math.min(...[...deciding.values()].map(({ minute }) => minute));
  for (let minute = span.from; minute < from; minute++) await system.publishMinute(minute, happening);
  await system.idle();
  const sent = new Map<number, Float64Array>();
  for (let minute = from; minute < span.to; minute++) sent.set(minute, await system.publishMinute(minute, happening));
  const outcome = await until(system, (now) => isSettled(now, deciding));
  const loop = await system.loop();
  const end = await until(system, (now) => now.untold === 0 && isHeard(now));
  return { began: sent.get(from)?.[0] ?? Number.NaN, sent, deciding, outcome, loop, end, system };
}

async function until(system: BenchSystem, done: (now: Outcome) => boolean): Promise<Outcome> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const now = readOutcome(system.dataDir);
    if (done(now)) return now;
    if (performance.now() > deadline) throw new Error("the system did not settle in time");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Every episode that the replica confirmed is decided, and has its ticket or its notice. */
const isSettled = (now: Outcome, deciding: ReadonlyMap<string, Deciding>): boolean =>
  [...deciding.keys()].every((id) => now.decided.has(id)) &&
  [...now.decided.keys()].every((id) => now.ticketOf.has(id) || now.noticed.has(id)) &&
  [...now.ticketOf.values()].every((id) => now.opened.has(id));

const isHeard = ({ opened, heard }: Outcome): boolean => [...opened.keys()].every((id) => heard.has(id));

function resultOf(name: string, count: number, run: Awaited<ReturnType<typeof weather>>): BenchResult {
  const { began, outcome, loop, end, system, deciding, sent } = run;
  const { deliveries } = system.endpoint;
  const toDecision = [...deciding].flatMap(([id, { minute, station }]) => {
    const [at, from] = [outcome.decided.get(id), sent.get(minute)?.[station]];
    return at === undefined || from === undefined ? [] : [at - from];
  });
  const after = (times: Iterable<number>) => round((Math.max(began, ...times) - began) / 1000);
  const decided = after(outcome.decided.values());
  return {
    name: `storm over MQTT: ${name}, ${count} stations`,
    value: Math.max(decided, after(outcome.opened.values())),
    unit: "s until every ticket or notice is there",
    details: {
      episodes: outcome.decided.size,
      tickets: outcome.opened.size,
      "under or as a notice": outcome.noticed.size,
      "last decision, s": decided,
      "publish to decision p50, ms": Math.round(percentile(toDecision, 0.5)),
      "publish to decision p99, ms": Math.round(percentile(toDecision, 0.99)),
      "event loop delay p99, ms": loop.p99,
      "event loop delay max, ms": loop.max,
      "messages to officers' phones": deliveries.filter(({ receiver }) => receiver === "sms").length,
      "messages to the city's platform": deliveries.filter(({ receiver }) => receiver === "platform").length,
      "group wait of yellow and orange, s": GROUP_WAIT_SECONDS,
      "last message, s (group wait and rate limit included)": after(deliveries.map(({ at }) => at)),
      "tickets told": [...end.opened.keys()].filter((id) => end.messagesOf.has(id)).length,
    },
  };
}

const round = (value: number): number => Number(value.toFixed(2));
