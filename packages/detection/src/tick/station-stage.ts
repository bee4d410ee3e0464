import { BIT, MAKES_UP } from "../quality/tests.ts";
import { HUMIDITY_TICKS, NEVER } from "../state/columns.ts";
import type { Channels } from "../state/network.ts";
import { minutesOf, type TickContext } from "./context.ts";
import { assessFeeds } from "./feed-stage.ts";
import { slotOf } from "./frame.ts";

/** Tests that look at several sensors of one station, or at its clock. */
export function assessStations(context: TickContext): void {
  assessClocks(context);
  assessSizes(context);
  assessFeeds(context);
  doubtDevices(context);
  if (context.work.shape.tickMinutes > SLOWEST_MIST_MINUTES) return;
  for (let s = 0; s < context.network.stations.length; s++) watchMist(context, s);
}

/** A station of which nothing has come in time for so long, while late readings come, has a useless clock. min, ours. */
const ONLY_LATE_MINUTES = 30;
const JUST_NOW_MINUTES = 10;

/** Skew above its limit fails; above the lesser limit it fails as soon as the station only speaks late. */
function assessClocks({ network, rules, tick, work }: TickContext): void {
  const { skew, clockTests, lateTick, heardTick } = network.columns;
  const { skewFailSeconds, skewSuspectSeconds } = rules.quality;
  for (let s = 0; s < network.stations.length; s++) {
    const off = Math.abs(skew[s] as number);
    const late = minutesOf({ work }, tick - (lateTick[s] as number)) <= JUST_NOW_MINUTES;
    const useless = late && minutesOf({ work }, tick - (heardTick[s] as number)) > ONLY_LATE_MINUTES;
    const failed = off > skewFailSeconds || (off > skewSuspectSeconds && useless);
    clockTests[s] = failed ? BIT["clock-skew"] : off > skewSuspectSeconds ? BIT["clock-skew-suspect"] : 0;
  }
}

/** A device of which one sensor makes things up (its electronics, its supply) is not believed about another. */
function doubtDevices({ network }: TickContext): void {
  const { doubted } = network.columns;
  doubted.fill(0);
  for (const { columns } of network.channels) {
    for (let s = 0; s < doubted.length; s++) if ((columns.tests[s] as number) & MAKES_UP) doubted[s] = 1;
  }
}

/** Samples in a row: two instruments that each round and average may cross for hours. Ours: a day of hours. */
const FEWEST_INVERTED = 24;

/** PM10 contains PM2.5. */
function assessSizes({ network, rules, work }: TickContext): void {
  const fine = network.channels.find((c) => c.property === "pm25")?.columns;
  const coarse = network.channels.find((c) => c.property === "pm10")?.columns;
  if (!fine || !coarse) return;
  const enough = Math.max(FEWEST_INVERTED, work.ticks(rules.quality.invertedMinutes));
  for (let s = 0; s < network.stations.length; s++) {
    const difference = (coarse.median[s] as number) - (fine.median[s] as number);
    if (Number.isNaN(difference)) continue;
    const margin = Math.max(rules.quality.invertedMargin, rules.quality.invertedShare * (fine.median[s] as number));
    const run = difference < -margin ? (coarse.invertedTicks[s] as number) + 1 : 0;
    coarse.invertedTicks[s] = run;
    const others = (coarse.slowTests[s] as number) & ~BIT.inverted;
    coarse.slowTests[s] = others | (run >= enough ? BIT.inverted : 0);
  }
}

/** The design's jump is one within 5 min: in a network that reports more seldom, humidity that rises is the weather. */
const SLOWEST_MIST_MINUTES = 5;
/** Particles must fall within so long after humidity jumped. min, ours. */
const FALL_MINUTES = 10;

/** Somebody sprays at the station: humidity jumps while particles fall against the neighbours. Counts such events. */
function watchMist(context: TickContext, s: number): void {
  const { network, rules, tick, hour, work } = context;
  const { fromHour, toHour, humidityRise, windowHours } = rules.interference;
  const c = network.columns;
  if (minutesOf(context, tick - (c.mistLast[s] as number)) > windowHours * 60) c.mistCount[s] = 0;
  if (hour < fromHour || hour >= toHour) return;
  const jumped = humidityJump(context, s) >= humidityRise;
  if (jumped && minutesOf({ work }, tick - (c.mistFrom[s] as number)) > FALL_MINUTES) c.mistFrom[s] = tick;
  const from = c.mistFrom[s] as number;
  if (from === NEVER || minutesOf({ work }, tick - from) > FALL_MINUTES || (c.mistLast[s] as number) >= from) return;
  const particles = network.channels.find((channels) => channels.property === "pm25" || channels.property === "pm10");
  if (!particles || !hasFallen(particles, s, rules.interference.fallShare)) return;
  c.mistLast[s] = tick;
  c.mistCount[s] = (c.mistCount[s] as number) + 1;
}

/** Per cent above the lowest of the last minutes; 0 where it is not measured. */
function humidityJump({ network, tick }: TickContext, s: number): number {
  const { humidity } = network.columns;
  const now = humidity[s * HUMIDITY_TICKS + slotOf(tick, HUMIDITY_TICKS)] as number;
  let lowest = now;
  for (let i = 0; i < HUMIDITY_TICKS; i++) lowest = Math.min(lowest, nearest(humidity[s * HUMIDITY_TICKS + i], now));
  return Number.isNaN(now) ? 0 : now - lowest;
}
const nearest = (value: number | undefined, fallback: number): number =>
  value === undefined || Number.isNaN(value) ? fallback : value;

/** In clean air particles can't fall by what matters: a third of delta at least. Ours. */
const LEAST_FALL = 1 / 3;

/** Below the neighbours by the share of what they show. */
function hasFallen({ columns: c, rules }: Channels, s: number, share: number): boolean {
  const expected = (c.x[s] as number) - (c.residual[s] as number);
  const delta = rules[s]?.delta ?? Number.POSITIVE_INFINITY;
  return (c.residual[s] as number) < -Math.max(share * expected, LEAST_FALL * delta);
}
