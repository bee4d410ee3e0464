import type { EpisodeEvent } from "@hotgrid/contracts";
import { BIT, FAULTS, testNames } from "../quality/tests.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { evidenceOf } from "./evidence.ts";
import { measureTests } from "./measure-tests.ts";
import { announce } from "./publish.ts";
import type { EpisodeRecord } from "./record.ts";
import { newRecord } from "./records.ts";

/** Open device faults, by station: one per device, however many of its sensors fail. `since`: first tick of what may
 *  become one. */
export interface DeviceEpisodes {
  open: Record<string, EpisodeRecord>;
  since: Record<string, number>;
}

/** A fault must speak this long without a pause: what a test says once may be chance. min, ours. */
const FAULT_MINUTES = 5;
/** ... and in a slow network so many samples. Ours. */
const FAULT_TICKS = 3;
/** Samples without a fault after which it is over, in a slow network. Ours: half a day of hours. */
const CLEAR_TICKS = 12;

/** Tests that mean a broken device become one maintenance case per device. */
export function advanceDevices(state: DeviceEpisodes, context: TickContext): EpisodeEvent[] {
  const faulty = new Set<string>();
  for (const [s, station] of context.network.stations.entries()) {
    const channel = context.network.channels.findIndex((c) => (c.columns.tests[s] as number) & FAULTS);
    if (channel < 0) continue;
    faulty.add(station.id);
    const since = state.since[station.id] ?? context.tick;
    state.since[station.id] = since;
    const spoken = context.tick - since + 1;
    if (state.open[station.id] || (minutesOf(context, spoken) >= FAULT_MINUTES && spoken >= FAULT_TICKS)) {
      speak(state, context, s, channel, since);
    }
  }
  for (const id of Object.keys(state.since)) if (!faulty.has(id)) delete state.since[id];
  return settle(state, context);
}

function speak(state: DeviceEpisodes, context: TickContext, s: number, channel: number, since: number): void {
  const { network } = context;
  const id = network.stations[s]?.id ?? "";
  const faults = network.channels.map((c) => (c.columns.tests[s] as number) & FAULTS);
  const property = network.channels[channel]?.property;
  if (!property) return;
  let record = state.open[id];
  if (!record) {
    const reason = testNames(faults.reduce((a, b) => a | b, 0)).join("+");
    record = newRecord(context, { kind: "device-fault", property, place: id, started: since, reason });
    record.confirmed = context.tick;
    record.stations.push(id, ...twinOf(context, s));
    const c = network.channels[channel]?.columns;
    record.peak = (c?.last[s] as number) ?? 0;
    record.background = (c?.background[s] as number) ?? 0;
    record.peakExcess = record.peak - record.background;
    record.evidence = evidenceOf(context, channel, s, [reason]);
    state.open[id] = record;
  }
  record.lastSeen = context.tick;
  const named = new Set(record.reason.split("+"));
  for (const [i, bits] of faults.entries()) {
    const own = network.channels[i]?.property;
    if (bits && own && !record.properties.includes(own)) record.properties.push(own);
    for (const name of testNames(bits)) named.add(name);
  }
  record.reason = [...named].join("+");
  measure(context, record, s, faults, since);
}

/** Each test with its numbers when it first spoke, of the sensor that showed it first. */
function measure(
  context: TickContext,
  record: EpisodeRecord,
  s: number,
  faults: readonly number[],
  since: number,
): void {
  if (!record.evidence) return;
  const known = new Set(record.evidence.tests?.map(({ name }) => name));
  for (const [i, channels] of context.network.channels.entries()) {
    const fresh = testNames(faults[i] ?? 0).filter((name) => !known.has(name));
    if (fresh.length === 0) continue;
    const bits = fresh.reduce((all, name) => all | BIT[name], 0);
    const measures = measureTests(context, channels, s, bits, since);
    record.evidence = { ...record.evidence, tests: [...(record.evidence.tests ?? []), ...measures] };
    for (const name of fresh) known.add(name);
  }
}

/** The station whose values it sends: whoever goes there must look at both. */
function twinOf({ network }: TickContext, s: number): string[] {
  const { feedTests, twin } = network.columns;
  const other = feedTests[s] ? network.stations[twin[s] as number]?.id : undefined;
  return other === undefined ? [] : [other];
}

function settle(state: DeviceEpisodes, context: TickContext): EpisodeEvent[] {
  const events: EpisodeEvent[] = [];
  for (const [id, record] of Object.entries(state.open).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const quiet = context.tick - record.lastSeen;
    if (minutesOf(context, quiet) >= context.rules.quality.faultClearMinutes && quiet >= CLEAR_TICKS) {
      record.ended = record.lastSeen + 1;
      delete state.open[id];
    }
    const event = announce(context, record);
    if (event) events.push(event);
  }
  return events;
}
