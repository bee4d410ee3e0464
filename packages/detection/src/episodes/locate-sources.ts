import type { EpisodeEvent } from "@hotgrid/contracts";
import { estimateSource } from "../source/estimate-source.ts";
import { NEVER } from "../state/columns.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { announce } from "./publish.ts";
import type { EpisodeRecord, LocalEpisodes } from "./record.ts";

/** Sources asked for after one tick: each takes dozens of milliseconds of a core, and a storm of fires must not hold up the
 *  next minute's decisions. The others have their turn after the ticks that follow; until then their station's village
 *  is asked. Ours. */
export const ESTIMATES_PER_TICK = 4;

/** Of which episodes the source is asked for when the tick's decisions are on their way. Those that were never asked for
 *  come first. */
export function sourcesDue(open: readonly EpisodeRecord[], context: TickContext): string[] {
  const due = open.filter((record) => isDue(context, record)).toSorted((a, b) => a.sourceTick - b.sourceTick);
  return due.slice(0, ESTIMATES_PER_TICK).map(({ id }) => id);
}

/** Asked at confirmation and again while new minutes may sharpen it: later ones are mixed with what has drifted in from
 *  elsewhere. */
function isDue(context: TickContext, record: EpisodeRecord): boolean {
  if (record.confirmed === null || record.ended !== null || record.lastSeen !== context.tick) return false;
  const { againMinutes, settledMinutes } = context.rules.source;
  const minutesSince = (tick: number) => minutesOf(context, context.tick - tick);
  if (record.sourceTick !== NEVER && minutesSince(record.sourceTick) < againMinutes) return false;
  return record.source === null || minutesSince(record.confirmed) <= settledMinutes;
}

/** Asks for the next source that is due, in the context of the tick that found it due, and gives what is worth telling.
 *  A vaguer answer never replaces a sharper one. In steps; state changes in the last one only. */
export function* locateNext(state: LocalEpisodes, context: TickContext): Generator<void, EpisodeEvent | null> {
  const record = state.open.find(({ id }) => id === state.due.ids[0]);
  const next = record ? yield* estimateSource(context, record) : null;
  state.due.ids.shift();
  if (!record) return null;
  record.sourceTick = context.tick;
  if (next === null || (record.source !== null && next.radius90Metres >= record.source.radius90Metres)) return null;
  record.source = next;
  return announce(context, record);
}
