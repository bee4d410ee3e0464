import type { EpisodeEvent } from "@hotgrid/contracts";
import { NEVER } from "../state/columns.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { announce } from "./publish.ts";
import type { EpisodeRecord } from "./record.ts";
import { newRecord } from "./records.ts";

/** Open outages by station, and the one of the whole network. */
export interface OfflineEpisodes {
  open: Record<string, EpisodeRecord>;
  network: EpisodeRecord | null;
}

/** Silent stations: known after half an hour, somebody's errand after six; many at once are one outage of the network. */
export function advanceOffline(state: OfflineEpisodes, context: TickContext): EpisodeEvent[] {
  const silent = silentStations(context, 0);
  const heard = context.network.stations.filter((_, s) => context.network.columns.heardTick[s] !== NEVER).length;
  const share = context.rules.quality.networkOutageShare;
  const fresh = silent.filter((s) => !state.open[idOf(context, s)]);
  const outage = fresh.length >= FEWEST_STATIONS && fresh.length >= share * heard;
  const events = advanceNetwork(state, context, outage, fresh);
  const covered = new Set(state.network?.stations);
  // An outage of the network reaches stations over some minutes: who is raised alone has waited a little longer.
  const alone = silentStations(context, GRACE_MINUTES).filter((s) => fresh.includes(s));
  if (!outage) for (const s of alone) if (!covered.has(idOf(context, s))) raise(state, context, s);
  return [...events, ...settle(state, context, new Set(silent.map((s) => idOf(context, s))))];
}

/** Two silent stations are two silent stations. Ours. */
const FEWEST_STATIONS = 3;
const idOf = (context: TickContext, s: number) => context.network.stations[s]?.id ?? "";

function lastHeard(context: TickContext, s: number): number {
  const { heardTick, lateTick } = context.network.columns;
  return Math.max(heardTick[s] as number, lateTick[s] as number);
}

/** Ours. */
const GRACE_MINUTES = 5;

function silentStations(context: TickContext, grace: number): number[] {
  const silent: number[] = [];
  for (const [s, station] of context.network.stations.entries()) {
    const last = lastHeard(context, s);
    const limit = Math.max(context.rules.quality.outageMinutes, (2.5 * station.intervalSeconds) / 60);
    if (last !== NEVER && minutesOf(context, context.tick - last) > limit + grace) silent.push(s);
  }
  return silent;
}

function raise(state: OfflineEpisodes, context: TickContext, s: number): void {
  const station = context.network.stations[s];
  const property = station?.properties[0];
  if (!station || !property) return;
  const started = lastHeard(context, s) + 1;
  const record = newRecord(context, { kind: "offline", property, place: station.id, started, reason: "silent" });
  record.properties.push(...station.properties);
  record.stations.push(station.id);
  record.peak = 0;
  record.peakExcess = 0;
  state.open[station.id] = record;
}

function settle(state: OfflineEpisodes, context: TickContext, silent: ReadonlySet<string>): EpisodeEvent[] {
  const events: EpisodeEvent[] = [];
  for (const [id, record] of Object.entries(state.open).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!silent.has(id)) {
      record.ended = context.tick;
      delete state.open[id];
    } else if (minutesOf(context, context.tick - record.started) > context.rules.quality.offlineTicketHours * 60) {
      record.confirmed ??= context.tick;
    }
    const event = announce(context, record);
    if (event) events.push(event);
  }
  return events;
}

function advanceNetwork(
  state: OfflineEpisodes,
  context: TickContext,
  outage: boolean,
  silent: readonly number[],
): EpisodeEvent[] {
  if (!state.network && !outage) return [];
  const property = context.network.channels[0]?.property;
  if (!property) return [];
  const started = context.tick - context.work.ticks(context.rules.quality.outageMinutes);
  const record =
    state.network ??
    newRecord(context, { kind: "offline", property, place: context.city, started, reason: "network-silent" });
  state.network = record;
  if (outage) {
    record.confirmed ??= context.tick;
    record.lastSeen = context.tick;
    record.properties = [property];
    record.peak = 0;
    record.peakExcess = 0;
    record.stations = silent.map((s) => idOf(context, s));
  } else {
    record.ended = context.tick;
    state.network = null;
  }
  return [announce(context, record)].filter((event) => event !== null);
}
