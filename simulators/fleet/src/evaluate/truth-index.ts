import type { SourceTruth, StationTruth, Truth } from "../truth.ts";

/** A local episode counts as true where the sources really added this much at one of its stations while it lasted,
 *  µg/m³. Ours: half of the weakest increment that an event is scored from. */
const MATCH_INCREMENT = 10;
/** Smoke may have come this long before the episode's start (averaging of the detector), ms. Ours. */
const MATCH_BEFORE_MS = 10 * 60_000;
const MINUTE_MS = 60_000;

/** An episode as the scorer sees it, of the detector or of a baseline. Times epoch ms. */
export interface Judged {
  readonly kind: string;
  readonly stationIds: readonly string[];
  readonly startedAt: number;
  /** null: provisional, nobody was paged. */
  readonly confirmedAt: number | null;
  readonly endedAt: number | null;
  /** Division whose officer is sent; the estimate's likeliest village where it is not known. */
  readonly asked?: string;
  readonly source: {
    readonly lon: number;
    readonly lat: number;
    readonly radius50Metres: number;
    readonly radius90Metres: number;
    readonly divisions: readonly { readonly code: string; readonly probability: number }[];
  } | null;
}

export interface Strength {
  readonly name: string;
  /** µg/m³ and minutes at one station. */
  readonly level: 20 | 40 | 80;
  readonly minutes: number;
}
/** detection.md: the classes of the target table, the strongest first; a source counts in the first that it reaches. */
export const STRENGTHS: readonly Strength[] = [
  { name: "≥ 80 µg/m³, 20 min", level: 80, minutes: 20 },
  { name: "≥ 40 µg/m³, 15 min", level: 40, minutes: 15 },
  { name: "≥ 20 µg/m³, 10 min", level: 20, minutes: 10 },
];

/** Null where no station ever saw enough of it: physics, not detection. */
export const strengthOf = (source: SourceTruth): Strength | null =>
  STRENGTHS.find(({ level, minutes }) => source.stations.some((s) => s.minutesAbove[level] >= minutes)) ?? null;

/** Epoch ms at which a station first truly gained 20 µg/m³. */
export function firstSeen(source: SourceTruth): number {
  return Math.min(...source.stations.map((s) => (s.firstAt20 ? Date.parse(s.firstAt20) : Number.POSITIVE_INFINITY)));
}

/** Sources whose smoke was at one of the episode's stations while it lasted. */
export function sourcesOf(truth: Truth, episode: Judged, end: number): SourceTruth[] {
  const [from, to] = [episode.startedAt - MATCH_BEFORE_MS, episode.endedAt ?? end];
  return truth.sources.filter((source) =>
    source.stations.some(
      (station) => episode.stationIds.includes(station.stationId) && reaches(station, MATCH_INCREMENT, from, to),
    ),
  );
}

function reaches({ from: first, increments, peak }: StationTruth, level: number, from: number, to: number): boolean {
  if (peak < level) return false;
  const start = Date.parse(first);
  const begin = Math.max(0, Math.floor((from - start) / MINUTE_MS));
  const end = Math.min(increments.length, Math.ceil((to - start) / MINUTE_MS));
  for (let i = begin; i < end; i++) if ((increments[i] ?? 0) >= level) return true;
  return false;
}

/** Whether two stretches of time overlap. */
export const overlaps = (a: readonly [number, number], b: readonly [number, number]): boolean =>
  a[0] <= b[1] && b[0] <= a[1];
