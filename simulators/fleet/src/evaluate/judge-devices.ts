import type { Truth } from "../truth.ts";
import type { LocalVerdict } from "./judge-local.ts";
import { type Judged, overlaps } from "./truth-index.ts";

/** A device episode may be confirmed this long after its fault, ms: the windows must run clean. Ours. */
const AFTER_FAULT_MS = 2 * 3_600_000;
/** Kinds that leave nothing to be maintained: a second copy is dropped by its identity. */
const HARMLESS: ReadonlySet<string> = new Set(["duplicate"]);
const DEVICE: ReadonlySet<string> = new Set(["device-fault", "offline"]);

export interface FaultVerdict {
  readonly at: number;
  readonly kind: string;
  /** Nobody needs to find it. */
  readonly harmless: boolean;
  readonly found: boolean;
  /** Somebody was sent out for pollution. */
  readonly polluted: boolean;
}

export function judgeFaults(
  truth: Truth,
  episodes: readonly Judged[],
  local: readonly LocalVerdict[],
  end: number,
): FaultVerdict[] {
  return truth.faults.map(({ station, kind, from, to }) => {
    const span = [Date.parse(from), Date.parse(to) + AFTER_FAULT_MS] as const;
    const meets = (episode: Judged) =>
      episode.stationIds.includes(station) && overlaps([episode.startedAt, episode.endedAt ?? end], span);
    return {
      at: span[0],
      kind,
      harmless: HARMLESS.has(kind),
      found: episodes.some((e) => DEVICE.has(e.kind) && e.confirmedAt !== null && meets(e)),
      polluted: local.some(({ episode, cause }) => cause === "fault" && meets(episode)),
    };
  });
}

/** A device ticket, right where one of its stations had a fault then. */
export interface DeviceVerdict {
  readonly at: number;
  readonly right: boolean;
}

export function judgeDevices(truth: Truth, episodes: readonly Judged[], end: number): DeviceVerdict[] {
  return episodes.flatMap(({ kind, stationIds, startedAt, confirmedAt, endedAt }) => {
    if (!DEVICE.has(kind) || confirmedAt === null) return [];
    const right = truth.faults.some(
      ({ station, from, to }) =>
        stationIds.includes(station) &&
        overlaps([startedAt, endedAt ?? end], [Date.parse(from), Date.parse(to) + AFTER_FAULT_MS]),
    );
    return [{ at: confirmedAt, right }];
  });
}

export interface InterferenceVerdict {
  readonly at: number;
  readonly found: boolean;
}

export function judgeInterference(truth: Truth, episodes: readonly Judged[], end: number): InterferenceVerdict[] {
  return truth.interference.map(({ station, from, to }) => ({
    at: Date.parse(from),
    found: episodes.some(
      (e) =>
        e.kind === "interference" &&
        e.stationIds.includes(station) &&
        overlaps([e.startedAt, e.endedAt ?? end], [Date.parse(from), Date.parse(to)]),
    ),
  }));
}
