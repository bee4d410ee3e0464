import type { ObservedProperty, Reading } from "@hotgrid/contracts";
import { DELAYS, NEVER } from "../state/columns.ts";
import type { Network } from "../state/network.ts";
import type { Shape } from "../state/shape.ts";
import { median } from "../stats/median.ts";
import type { Watermark } from "../time/watermark.ts";

/** What became of the readings, since the detector was created: part of the snapshot. */
export interface Counters {
  readings: number;
  /** Of a station that the list doesn't have. */
  unknown: number;
  /** For a minute that was decided already. */
  late: number;
  /** A second copy of what is there. */
  duplicate: number;
  /** A further reading of a minute that has its first. */
  surplus: number;
  /** Ahead of the gateway's clock by more than is allowed. */
  future: number;
  /** No time between 1970 and 2100. */
  badTime: number;
  /** So far ahead of the bulk of the stations that its minute can't be kept. */
  early: number;
  /** Values that are no finite number. */
  notNumber: number;
  ticks: number;
}
export const noCounts = (): Counters => ({
  readings: 0,
  unknown: 0,
  late: 0,
  duplicate: 0,
  surplus: 0,
  future: 0,
  badTime: 0,
  early: 0,
  notNumber: 0,
  ticks: 0,
});

/** Larger than any concentration, and small enough for sums of squares. */
const LARGEST = 1e9;
const RADIANS = Math.PI / 180;

/** Tick numbers must fit 32 bits; nothing was measured before 1970 or will be after 2100. Epoch ms. */
const LATEST_TIME = Date.UTC(2100, 0, 1);
const isTime = (time: number): boolean => time >= 0 && time <= LATEST_TIME;

export interface Intake {
  readonly network: Network;
  readonly shape: Shape;
  readonly watermark: Watermark;
  readonly counters: Counters;
  readonly futureMs: number;
}

/** Puts a reading into the slot of its minute. The first of a minute wins; what comes too late changes nothing. */
export function takeIn(
  intake: Intake,
  reading: Pick<Reading, "stationId" | "phenomenonTime" | "resultTime" | "results">,
): void {
  const { network, shape, watermark, counters } = intake;
  counters.readings++;
  const s = network.indexOf.get(reading.stationId);
  if (s === undefined) return void counters.unknown++;
  const { phenomenonTime, resultTime } = reading;
  if (!isTime(phenomenonTime) || !isTime(resultTime)) return void counters.badTime++;
  keepDelay(network, s, reading);
  if (phenomenonTime > resultTime + intake.futureMs) return void counters.future++;
  const tick = Math.floor(phenomenonTime / shape.tickMs);
  watermark.next ??= tick;
  if (tick < watermark.next) {
    counters.late++;
    network.columns.lateTick[s] = watermark.next;
    return;
  }
  if (tick >= watermark.next + shape.pending) counters.early++;
  else place(intake, s, tick, reading);
  watermark.observe(s, tick);
}

function place(
  { network, shape, counters }: Intake,
  s: number,
  tick: number,
  { phenomenonTime, results }: Pick<Reading, "phenomenonTime" | "results">,
): void {
  const slot = s * shape.pending + (tick % shape.pending);
  const { heardTick, pendingHumidity, pendingWindEast, pendingWindNorth, readingTime } = network.columns;
  if (Math.floor((readingTime[slot] as number) / shape.tickMs) !== tick) readingTime[slot] = phenomenonTime;
  const first = (heardTick[s] as number) < tick;
  if (first) heardTick[s] = tick;
  let fresh = 0;
  let known = 0;
  for (const { property, columns } of network.channels) {
    const value = results[property];
    if (value === undefined) continue;
    if (!Number.isFinite(value)) {
      counters.notNumber++;
      continue;
    }
    const there = columns.pending[slot] as number;
    if (!Number.isNaN(there)) {
      known++;
      continue;
    }
    columns.pending[slot] = Math.max(-LARGEST, Math.min(LARGEST, value));
    fresh++;
  }
  if (fresh === 0 && known > 0) counters.surplus++;
  if (Number.isNaN(pendingHumidity[slot])) pendingHumidity[slot] = weather(results, "relativeHumidity");
  if (Number.isNaN(pendingWindEast[slot])) {
    const speed = weather(results, "windSpeed");
    const from = weather(results, "windDirection") * RADIANS;
    pendingWindEast[slot] = -speed * Math.sin(from);
    pendingWindNorth[slot] = -speed * Math.cos(from);
  }
}

function weather(results: Reading["results"], property: ObservedProperty): number {
  const value = results[property];
  return value !== undefined && Number.isFinite(value) ? value : Number.NaN;
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

/** One delay per minute of arrival, the smallest: a backfill's newest reading tells the clock, its oldest doesn't. */
function keepDelay(
  network: Network,
  s: number,
  { phenomenonTime, resultTime }: Pick<Reading, "phenomenonTime" | "resultTime">,
): void {
  const { delays, delayMinute, delayCount } = network.columns;
  const delay = (resultTime - phenomenonTime) / SECOND_MS;
  if (!Number.isFinite(delay)) return;
  const minute = Math.floor(resultTime / MINUTE_MS);
  const count = delayCount[s] as number;
  if (delayMinute[s] === minute && count > 0) {
    const at = s * DELAYS + ((count - 1) % DELAYS);
    if (Math.abs(delay) < Math.abs(delays[at] as number)) delays[at] = delay;
    return;
  }
  if (delayMinute[s] !== NEVER && minute < (delayMinute[s] as number)) return;
  delayMinute[s] = minute;
  delays[s * DELAYS + (count % DELAYS)] = delay;
  delayCount[s] = count + 1;
}

/** Delays of a replay or a backlog say nothing about clocks: above this median the skew is not judged. s, ours. */
const LARGEST_NETWORK_DELAY = 3600;

/** Clock skew of each station, s: the median of its delays minus the network's. NaN before there are enough. Returns
 *  the network's median delay. */
export function judgeClocks(network: Network): number {
  const { skew } = network.columns;
  const medians = delaysOf(network, DELAYS);
  const common = median(medians);
  for (const [s, own] of medians.entries()) {
    skew[s] = Math.abs(common) < LARGEST_NETWORK_DELAY ? own - common : Number.NaN;
  }
  return common;
}

/** The network's median delay by what has come so far, s; NaN before the first reading. */
export const delaySoFar = (network: Network): number => median(delaysOf(network, 1));

/** Median delay of each station, s; NaN where it has fewer than `least` of them. */
function delaysOf({ columns, stations }: Network, least: number): number[] {
  const { delays, delayCount } = columns;
  return stations.map((_, s) => {
    const n = Math.min(DELAYS, delayCount[s] as number);
    return n < least ? Number.NaN : median([...delays.subarray(s * DELAYS, s * DELAYS + n)]);
  });
}
