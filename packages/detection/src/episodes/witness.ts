import type { Channels } from "../state/network.ts";
import type { TickContext } from "../tick/context.ts";
import { FEWEST_HOT_TICKS, hotMinutes } from "./hot-minutes.ts";
import { isDoubtful } from "./judge-device.ts";
import type { EpisodeRecord } from "./record.ts";

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

/** Who else sees it now: a second station in reach, or at least another kind of sensor (two particle sizes of one laser
 *  are one witness). A device in doubt is no witness. */
export function secondWitness(
  context: TickContext,
  record: EpisodeRecord,
): "second-station" | "second-property" | null {
  const witnesses = witnessesOf(context, record);
  const own = witnesses.filter(({ station }) => record.stations.includes(station));
  if (own.length === 0) return null;
  if (new Set(witnesses.map(({ station }) => station)).size > 1) return "second-station";
  return new Set(own.map(({ family }) => family)).size > 1 ? "second-property" : null;
}

function witnessesOf(context: TickContext, record: EpisodeRecord): { station: string; family: string }[] {
  const { network } = context;
  return context.look.flatMap((stations, i) => {
    const channels = network.channels[i];
    // Smoke uses ozone up: what raises it at the same time is the device or the weather.
    if (!channels?.opens) return [];
    return stations
      .filter((s) => isNear(context, record, s) && isWitness(context, channels, s))
      .map((s) => ({ station: network.stations[s]?.id ?? "", family: channels.family }));
  });
}

function isWitness(context: TickContext, channels: Channels, s: number): boolean {
  const { agreeHotMinutes, agreeEz, openWindowMinutes } = context.rules.decision;
  const hot = hotMinutes(context, channels, s, openWindowMinutes);
  const enough = Math.max(agreeHotMinutes, FEWEST_HOT_TICKS * context.work.shape.tickMinutes);
  return hot >= enough && (channels.columns.ez[s] as number) >= agreeEz && !isDoubtful(context, channels, s);
}
