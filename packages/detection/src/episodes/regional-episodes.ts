import type { EpisodeEvent } from "@hotgrid/contracts";
import type { Channels } from "../state/network.ts";
import { median } from "../stats/median.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { announce } from "./publish.ts";
import type { EpisodeRecord } from "./record.ts";
import { newRecord } from "./records.ts";

/** One notice for the city at a time. `since` is the tick since when each property has been rising everywhere. */
export interface RegionalEpisodes {
  open: EpisodeRecord | null;
  since: Record<string, number>;
}

/** The whole air mass rises: one notice instead of a ticket per station. */
export function advanceRegional(state: RegionalEpisodes, context: TickContext): EpisodeEvent[] {
  const { noticeMinutes, clearMinutes } = context.rules.regional;
  for (const channels of context.network.channels) {
    if (!channels.opens) continue;
    keepHigh(state.open, context, channels);
    if (!isRising(context, channels)) {
      delete state.since[channels.property];
      continue;
    }
    const since = state.since[channels.property] ?? context.tick;
    state.since[channels.property] = since;
    if (minutesOf(context, context.tick - since + 1) >= noticeMinutes)
      state.open = rise(state.open, context, channels, since);
  }
  const record = state.open;
  if (!record) return [];
  if (minutesOf(context, context.tick - record.lastSeen) >= clearMinutes) {
    record.ended = record.lastSeen + 1;
    record.reason = "recovered";
    state.open = null;
  }
  return [announce(context, record)].filter((event) => event !== null);
}

/** Half of the stations stand in regional zones, and the median rise is more than the daily cycle makes. */
function isRising(context: TickContext, channels: Channels): boolean {
  const { noticeShare, noticeRise } = context.rules.regional;
  const c = channels.columns;
  let seen = 0;
  let zones = 0;
  let risen = 0;
  for (let s = 0; s < context.network.stations.length; s++) {
    if (Number.isNaN(c.median[s])) continue;
    seen++;
    zones += c.regional[s] as number;
    if ((c.rise[s] as number) > noticeRise * (channels.rules[s]?.delta ?? Number.POSITIVE_INFINITY)) risen++;
  }
  return seen >= FEWEST_STATIONS && zones >= noticeShare * seen && risen * 2 >= seen;
}

/** The notice goes on while the air of the city stays nearer to its height than to where it began: the slow baselines
 *  get used to a haze of days, people don't. */
function keepHigh(record: EpisodeRecord | null, context: TickContext, channels: Channels): void {
  if (!record || channels.property !== record.property) return;
  const level = median([...channels.columns.median]);
  record.height = Math.max(record.height, level);
  if (level > (record.base + record.height) / 2) record.lastSeen = context.tick;
}

/** A region is more than a village's two stations. Ours. */
const FEWEST_STATIONS = 4;

function rise(open: EpisodeRecord | null, context: TickContext, channels: Channels, since: number): EpisodeRecord {
  const { property } = channels;
  const record =
    open ??
    newRecord(context, { kind: "regional", property, place: context.city, started: since, reason: "zones-rise" });
  if (!open) {
    record.height = median([...channels.columns.median]);
    record.base = median([...channels.columns.backgroundSlow]);
  }
  record.confirmed ??= context.tick;
  record.lastSeen = context.tick;
  if (!record.properties.includes(property)) record.properties.push(property);
  const c = channels.columns;
  for (const [s, station] of context.network.stations.entries()) {
    if (!c.regional[s]) continue;
    if (!record.stations.includes(station.id)) record.stations.push(station.id);
    if (property !== record.property || !((c.rise[s] as number) > record.peakExcess)) continue;
    record.peak = c.median[s] as number;
    record.peakExcess = c.rise[s] as number;
    record.background = c.backgroundSlow[s] as number;
  }
  return record;
}
