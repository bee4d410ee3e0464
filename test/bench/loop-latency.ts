import type { BenchResult } from "./detector.ts";
import { BEHIND_MINUTES } from "./loop/bench-air.ts";
import { type BenchSystem, startBenchSystem } from "./loop/bench-system.ts";
import { CALM_MINUTES, fires, LONELY_FIRES, publishAtRate, SMOKE_MINUTES } from "./loop/fires-at-rate.ts";
import { percentile } from "./loop/percentile.ts";
import { type Outcome, readOutcome } from "./loop/read-outcome.ts";
import { type Deciding, decidingReadings } from "./loop/warm-detector.ts";

/** Readings a second, the city's size, and fires per minute of event time. 300 stations a minute are 5 a second; the
 *  faster ones are the same network (or a larger one) with a faster clock. */
const RUNS = [
  { rate: 5, count: 300, firesPerMinute: 12, minutes: 6 },
  { rate: 100, count: 300, firesPerMinute: 9, minutes: 24 },
  { rate: 1000, count: 3000, firesPerMinute: 9, minutes: 24 },
] as const;
type Run = (typeof RUNS)[number];

const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 250;
/** Longest time to wait for the last message, ms. */
const PATIENCE_MS = 60_000;

/** From the publish of the deciding reading to the officer's phone: the reading that closes the minute in which an
 *  episode is confirmed. The watermark (2 min of event time) is over by then, and red news has no group wait, so that
 *  all of it is work. */
export async function benchLoopLatency(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const run of RUNS) results.push(...(await measure(run)));
  return results;
}

async function measure(run: Run): Promise<BenchResult[]> {
  const first = Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES;
  const system = await startBenchSystem({ count: run.count, rules: LONELY_FIRES, platform: false, minute: first });
  try {
    const happening = fires(run.count, run.firesPerMinute, first + CALM_MINUTES);
    const span = { from: first, to: first + CALM_MINUTES + SMOKE_MINUTES + run.minutes };
    const deciding = decidingReadings(system.snapshot, system, span, happening);
    const from = Math.min(...[...deciding.values()].map(({ minute }) => minute));
    for (let minute = first; minute < from; minute++) await system.publishMinute(minute, happening);
    await system.idle();
    const sent = await publishAtRate(system, run.rate, { from, to: span.to }, happening);
    const loop = await system.loop();
    await system.idle();
    return resultsOf(run, system, deciding, sent, await told(system), loop);
  } finally {
    await system.close();
  }
}

/** Waits until nothing waits to be told. */
async function told(system: BenchSystem): Promise<Outcome> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const now = readOutcome(system.dataDir);
    if (now.untold === 0 && [...now.opened.keys()].every((id) => now.heard.has(id))) return now;
    if (performance.now() > deadline) throw new Error("the system did not tell everybody in time");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function resultsOf(
  { rate, count }: Run,
  { endpoint }: BenchSystem,
  deciding: ReadonlyMap<string, Deciding>,
  sent: ReadonlyMap<number, Float64Array>,
  outcome: Outcome,
  loop: { readonly p99: number; readonly max: number },
): BenchResult[] {
  const phones = endpoint.deliveries.filter(({ receiver }) => receiver === "sms");
  const arrived = new Map(phones.toReversed().map(({ messageId, at }) => [messageId, at]));
  const steps = [...deciding].flatMap(([id, { minute, station }]) => {
    const ticket = outcome.ticketOf.get(id);
    const messages = outcome.messagesOf.get(ticket ?? "") ?? [];
    const at = Math.min(...messages.flatMap((message) => arrived.get(message) ?? []));
    const [from, decided, opened] = [
      sent.get(minute)?.[station],
      outcome.decided.get(id),
      outcome.opened.get(ticket ?? ""),
    ];
    // A second fire of one village joins its ticket: the message is the first one's.
    if (from === undefined || decided === undefined || opened === undefined || opened < decided) return [];
    return Number.isFinite(at)
      ? [{ total: at - from, decided: decided - from, opened: opened - decided, told: at - opened }]
      : [];
  });
  const of = (key: keyof (typeof steps)[number], share: number) =>
    round(
      percentile(
        steps.map((step) => step[key]),
        share,
      ),
    );
  const details = {
    "fires decided": deciding.size,
    "tickets of their own, told": steps.length,
    stations: count,
    "publish to decision p50 / p99, ms": `${of("decided", 0.5)} / ${of("decided", 0.99)}`,
    "decision to ticket p50 / p99, ms": `${of("opened", 0.5)} / ${of("opened", 0.99)}`,
    "ticket to phone p50 / p99, ms": `${of("told", 0.5)} / ${of("told", 0.99)}`,
    "event loop delay p99, ms": loop.p99,
    "event loop delay max, ms": loop.max,
  };
  return ([0.5, 0.99] as const).map((share) => ({
    name: `deciding reading to officer's phone, ${rate} readings/s, p${share * 100}`,
    value: of("total", share),
    unit: "ms",
    details,
  }));
}

const round = (value: number): number => Number(value.toFixed(1));
