import { estimateSource } from "../source/estimate-source.ts";
import { NEVER } from "../state/columns.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import type { EpisodeRecord } from "./record.ts";

/** Sources asked for in one tick: each takes some 60 ms of a core, and a storm of fires must not hold up the minute's
 *  decisions. The others have their turn in the ticks after it; until then their station's village is asked. Ours. */
export const ESTIMATES_PER_TICK = 4;

/** Where do they come from? Those that were never asked for come first. */
export function locateSources(open: readonly EpisodeRecord[], context: TickContext): void {
  const due = open.filter((record) => isDue(context, record)).toSorted((a, b) => a.sourceTick - b.sourceTick);
  for (const record of due.slice(0, ESTIMATES_PER_TICK)) locate(context, record);
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

/** A vaguer answer never replaces a sharper one. */
function locate(context: TickContext, record: EpisodeRecord): void {
  record.sourceTick = context.tick;
  const next = estimateSource(context, record);
  if (next === null || (record.source !== null && next.radius90Metres >= record.source.radius90Metres)) return;
  record.source = next;
}
