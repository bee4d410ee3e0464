import type { TickContext } from "../tick/context.ts";
import type { EpisodeRecord, LocalEpisodes } from "./record.ts";
import { isNear } from "./witness.ts";

/** Episodes in reach of each other are one. The confirmed one survives, since somebody is on the way for it; else the
 *  older. Returns those that went into others. */
export function mergeNear(state: LocalEpisodes, context: TickContext): EpisodeRecord[] {
  state.open.sort((a, b) => Number(a.confirmed === null) - Number(b.confirmed === null) || a.started - b.started);
  const merged: EpisodeRecord[] = [];
  for (let i = 0; i < state.open.length; i++) {
    const into = state.open[i];
    if (!into) break;
    const near = state.open.slice(i + 1).filter((record) => touches(context, into, record));
    for (const record of near) absorb(context, into, record);
    state.open = state.open.filter((record) => !near.includes(record));
    merged.push(...near);
  }
  return merged;
}

function touches(context: TickContext, a: EpisodeRecord, b: EpisodeRecord): boolean {
  return b.stations.some((id) => {
    const s = context.network.indexOf.get(id);
    return s !== undefined && isNear(context, a, s);
  });
}

function absorb(context: TickContext, into: EpisodeRecord, record: EpisodeRecord): void {
  into.members.push(...record.members);
  into.stations.push(...record.stations.filter((id) => !into.stations.includes(id)));
  into.properties.push(...record.properties.filter((property) => !into.properties.includes(property)));
  into.lastSeen = Math.max(into.lastSeen, record.lastSeen);
  record.members = [];
  record.ended = context.tick;
  record.reason = `merged-into-${into.id}`;
}
