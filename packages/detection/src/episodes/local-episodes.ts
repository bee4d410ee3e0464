import type { EpisodeEvent } from "@hotgrid/contracts";
import type { Channels } from "../state/network.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { slotOf } from "../tick/frame.ts";
import { confirm, evictBroken } from "./confirm.ts";
import { FEWEST_HOT_TICKS, hotMinutes } from "./hot-minutes.ts";
import { sourcesDue } from "./locate-sources.ts";
import { goOn, join, release } from "./members.ts";
import { mergeNear } from "./merge.ts";
import { announce } from "./publish.ts";
import type { EpisodeRecord, LocalEpisodes } from "./record.ts";
import { newRecord } from "./records.ts";
import { isNear } from "./witness.ts";

/** Turns hot minutes into episodes: opened provisionally, confirmed by holding or by a second witness, merged within
 *  reach, resolved after quiet. */
export function advanceLocal(state: LocalEpisodes, context: TickContext): EpisodeEvent[] {
  const { recurMinutes } = context.rules.decision;
  state.recent = state.recent.filter((r) => minutesOf(context, context.tick - (r.ended ?? 0)) <= recurMinutes);
  for (const [i, stations] of context.look.entries()) {
    for (const s of stations) notice(state, context, i, s);
  }
  const merged = mergeNear(state, context);
  for (const record of state.open) {
    evictBroken(context, record);
    confirm(state, context, record);
  }
  for (const record of state.open) resolve(context, record);
  const events = [...merged, ...state.open].flatMap((record) => announce(context, record) ?? []);
  for (const record of state.open) if (record.ended !== null) release(context, record);
  state.recent.push(...state.open.filter((r) => r.ended !== null && r.reason !== "device-check"));
  state.open = state.open.filter((r) => r.ended === null);
  state.due = { tick: context.tick, ids: sourcesDue(state.open, context) };
  return events;
}

/** A channel worth a look: goes on in its episode, joins one in reach, or opens one. */
function notice(state: LocalEpisodes, context: TickContext, channel: number, s: number): void {
  const channels = context.network.channels[channel];
  const id = context.network.stations[s]?.id;
  if (!channels || !id || !((channels.columns.hotLow[s] as number) & 1)) return;
  const { property } = channels;
  const home = state.open.find((r) => r.members.some((m) => m.station === id && m.property === property));
  const record = home ?? (isConvincing(context, channels, s) ? place(state, context, channels, s, id) : undefined);
  if (!record) return;
  if (!home) join(context, record, channels, s, id);
  goOn(context, record, channel, s, id);
}

/** Much evidence, and more hot minutes of late than a truck makes. */
function isConvincing(context: TickContext, channels: Channels, s: number): boolean {
  const { openEz, openHotMinutes, openWindowMinutes } = context.rules.decision;
  if (!((channels.columns.ez[s] as number) > openEz)) return false;
  const hot = hotMinutes(context, channels, s, openWindowMinutes);
  if (!(hot > openHotMinutes && hot >= FEWEST_HOT_TICKS * context.work.shape.tickMinutes)) return false;
  return hasRisen(channels, s);
}

/** Share of the increment that the station must have risen itself. Ours. */
const OWN_SHARE = 0.5;

/** Did the station rise within an hour or two, or did the air around it become clean? The edge of a haze that moves away
 *  leaves its last stations high. */
function hasRisen({ columns: c }: Channels, s: number): boolean {
  const hour = c.hour[s] as number;
  const lowest = Math.min(
    ...[hour, hour - 1].map((h) => numberOr(c.hourMin[s * 6 + slotOf(h, 6)], Number.POSITIVE_INFINITY)),
  );
  return (c.median[s] as number) - lowest >= OWN_SHARE * (c.lasting[s] as number);
}
const numberOr = (value: number | undefined, fallback: number): number =>
  value === undefined || Number.isNaN(value) ? fallback : value;

/** The episode in reach, one that ended of late, or a new one. A secondary property opens none. */
function place(
  state: LocalEpisodes,
  context: TickContext,
  channels: Channels,
  s: number,
  id: string,
): EpisodeRecord | undefined {
  const there = state.open.find((r) => isNear(context, r, s)) ?? revive(state, context, s);
  if (there || !channels.opens) return there;
  const started = firstHotTick(context, channels, s);
  const input = { kind: "local", property: channels.property, place: id, started, reason: "hot-minutes" } as const;
  const record = newRecord(context, input);
  state.open.push(record);
  return record;
}

/** What comes back within the hour is the same episode. */
function revive(state: LocalEpisodes, context: TickContext, s: number): EpisodeRecord | undefined {
  const record = state.recent.find((r) => isNear(context, r, s) && !r.reason.startsWith("merged-into"));
  if (!record) return undefined;
  state.recent = state.recent.filter((r) => r !== record);
  record.ended = null;
  record.reason = "recurrence";
  record.members = [];
  state.open.push(record);
  return record;
}

/** The oldest hot tick of the window in which it opened. */
function firstHotTick(context: TickContext, channels: Channels, s: number): number {
  const ticks = Math.min(32, context.work.ticks(context.rules.decision.openWindowMinutes));
  const bits = (channels.columns.hotLow[s] as number) & (ticks === 32 ? -1 : 2 ** ticks - 1);
  return context.tick - (31 - Math.clz32(bits));
}

function resolve(context: TickContext, record: EpisodeRecord): void {
  if (record.ended !== null) return;
  if (minutesOf(context, context.tick - record.lastSeen) < context.rules.decision.resolveQuietMinutes) return;
  record.ended = record.lastSeen + 1;
  record.reason = record.confirmed === null ? "withdrawn" : "recovered";
}
