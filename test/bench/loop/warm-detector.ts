import type { Station } from "@hotgrid/contracts";
import { createDetector, type Detector, type Geography, parseRules } from "@hotgrid/detection";
import { airReading, CALM, type Happening } from "./bench-air.ts";

/** More than the hours in which a new network is only listened to (rules: coldStart.silentHours). */
const WARM_MINUTES = 13 * 60;
/** Where a place is found doesn't decide when one is told. */
const NOWHERE: Geography = { locate: () => null, nameOf: (code) => code };

/** A detector beside the system's, with the same rules and readings: it tells which reading decides. */
function replica(stations: readonly Station[], rules: unknown): Detector {
  return createDetector({
    city: "330600",
    utcOffset: "+08:00",
    stations,
    rules: parseRules(rules),
    geography: NOWHERE,
  });
}

/** What a detector has learned from calm air up to `minute`. */
export function calmUntil(minute: number, stations: readonly Station[], rules: unknown): Uint8Array {
  const detector = replica(stations, rules);
  for (let m = minute - WARM_MINUTES; m < minute; m++) {
    for (const [i, station] of stations.entries()) detector.ingest(airReading(station, i, m, CALM));
    detector.take();
  }
  return detector.snapshot();
}

export interface Deciding {
  readonly minute: number;
  readonly station: number;
}

/** By id of the episode: the reading with whose arrival it is confirmed, where minutes come one after the other and
 *  within a minute the stations in their order. */
export function decidingReadings(
  snapshot: Uint8Array,
  given: { readonly stations: readonly Station[]; readonly rules: unknown },
  span: { readonly from: number; readonly to: number },
  happening: Happening,
): Map<string, Deciding> {
  const detector = replica(given.stations, given.rules);
  detector.restore(snapshot);
  const deciding = new Map<string, Deciding>();
  for (let minute = span.from; minute < span.to; minute++) {
    for (const [i, station] of given.stations.entries()) {
      detector.ingest(airReading(station, i, minute, happening));
      for (const { episode } of detector.take().episodes) {
        if (episode.confirmedAt !== null && !deciding.has(episode.id)) deciding.set(episode.id, { minute, station: i });
      }
    }
  }
  return deciding;
}
