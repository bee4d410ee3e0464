import type { EpisodeEvent } from "@hotgrid/contracts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { evidenceOf } from "./evidence.ts";
import { announce } from "./publish.ts";
import type { EpisodeRecord } from "./record.ts";
import { newRecord } from "./records.ts";

/** Open cases by station. */
export interface InterferenceEpisodes {
  open: Record<string, EpisodeRecord>;
}

/** A case ends when nothing of the kind was seen for so long. min, ours: a working day. */
const QUIET_MINUTES = 480;

/** Somebody sprays water at a station to make its numbers look better. Once is weather, repeated it is a case. */
export function advanceInterference(state: InterferenceEpisodes, context: TickContext): EpisodeEvent[] {
  const { network, rules, tick } = context;
  const { mistCount, mistLast } = network.columns;
  for (const [s, station] of network.stations.entries()) {
    if (mistLast[s] !== tick || (mistCount[s] as number) < rules.interference.repeats) continue;
    const record = state.open[station.id] ?? open(context, s, station.id);
    if (!record) continue;
    record.lastSeen = tick;
    state.open[station.id] = record;
  }
  const events: EpisodeEvent[] = [];
  for (const [id, record] of Object.entries(state.open).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (minutesOf(context, tick - record.lastSeen) >= QUIET_MINUTES) {
      record.ended = record.lastSeen + 1;
      delete state.open[id];
    }
    const event = announce(context, record);
    if (event) events.push(event);
  }
  return events;
}

function open(context: TickContext, s: number, id: string): EpisodeRecord | null {
  const channel = context.network.channels.findIndex((c) => c.family === "particles");
  const channels = context.network.channels[channel];
  if (!channels) return null;
  const { property } = channels;
  const record = newRecord(context, {
    kind: "interference",
    property,
    place: id,
    started: context.tick,
    reason: "misting",
  });
  record.confirmed = context.tick;
  record.stations.push(id);
  record.properties.push(property);
  record.peak = channels.columns.median[s] as number;
  record.peakExcess = channels.columns.residual[s] as number;
  record.background = channels.columns.background[s] as number;
  record.evidence = evidenceOf(context, channel, s, ["misting"]);
  return record;
}
