import type { Channels } from "../state/network.ts";
import { onesOfLast } from "../stats/hot-bits.ts";
import type { TickContext } from "../tick/context.ts";
import type { EpisodeRecord } from "./record.ts";

/** A window holds three ticks at least, so that an hourly network can gather evidence at all. Ours. */
const FEWEST_TICKS = 3;
/** One sample is never evidence enough, however long it stands for. Ours. */
export const FEWEST_HOT_TICKS = 2;

/** Hot minutes of a channel in the last `window` minutes. */
export function hotMinutes(context: TickContext, channels: Channels, s: number, window: number): number {
  const c = channels.columns;
  const ticks = Math.min(64, Math.max(FEWEST_TICKS, context.work.ticks(window)));
  return onesOfLast(c.hotLow[s] as number, c.hotHigh[s] as number, ticks) * context.work.shape.tickMinutes;
}

export function metresBetween(context: TickContext, a: number, b: number): number {
  const { x, y } = context.network;
  return Math.hypot((x[a] as number) - (x[b] as number), (y[a] as number) - (y[b] as number));
}

/** Is the station within reach of one that belongs to the episode? */
export function isNear(context: TickContext, record: EpisodeRecord, s: number): boolean {
  return record.stations.some((id) => {
    const member = context.network.indexOf.get(id);
    return member !== undefined && metresBetween(context, member, s) <= context.rules.decision.agreeMetres;
  });
}

/** Who else saw it: a second station in reach, or at least another kind of sensor (two particle sizes of one laser
 *  are one witness). */
export function secondWitness(
  context: TickContext,
  record: EpisodeRecord,
): "second-station" | "second-property" | null {
  const { decision } = context.rules;
  const { network } = context;
  const families = new Set(
    record.properties.flatMap((property) => network.channels.find((c) => c.property === property)?.family ?? []),
  );
  if (families.size > 1) return "second-property";
  for (const [i, stations] of context.look.entries()) {
    const channels = network.channels[i];
    if (!channels) continue;
    for (const s of stations) {
      const hot = hotMinutes(context, channels, s, decision.openWindowMinutes);
      if (hot < Math.max(decision.agreeHotMinutes, FEWEST_HOT_TICKS * context.work.shape.tickMinutes)) continue;
      if ((channels.columns.ez[s] as number) < decision.agreeEz) continue;
      const own = record.stations.includes(network.stations[s]?.id ?? "");
      if (own && families.has(channels.family)) continue;
      if (own) return "second-property";
      if (isNear(context, record, s)) return "second-station";
    }
  }
  return record.stations.length > 1 ? "second-station" : null;
}
