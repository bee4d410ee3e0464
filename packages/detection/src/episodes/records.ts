import { type Episode, type EpisodeKind, episodeId, type ObservedProperty } from "@hotgrid/contracts";
import { NEVER } from "../state/columns.ts";
import { type TickContext, timeOf } from "../tick/context.ts";
import type { EpisodeRecord } from "./record.ts";

/** A new record. `place` is the station's id, or the city's code. */
export function newRecord(
  context: TickContext,
  input: { kind: EpisodeKind; property: ObservedProperty; place: string; started: number; reason: string },
): EpisodeRecord {
  const { kind, property, place, started, reason } = input;
  const startedAt: Episode["startedAt"] = timeOf(context, started);
  return {
    id: episodeId({ kind, property, place, startedAt }),
    kind,
    started,
    confirmed: null,
    ended: null,
    property,
    properties: [],
    stations: [],
    members: [],
    peak: Number.NEGATIVE_INFINITY,
    peakExcess: Number.NEGATIVE_INFINITY,
    background: 0,
    base: 0,
    height: 0,
    peakStation: place,
    evidence: null,
    source: null,
    sourceTick: NEVER,
    lastSeen: context.tick,
    reason,
    revision: 0,
    published: null,
  };
}
