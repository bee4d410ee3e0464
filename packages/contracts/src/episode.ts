import { z } from "zod";
import { type CityCode, DivisionCode, StationId } from "./identifiers.ts";
import { ObservedProperty } from "./observed-properties.ts";
import { readingKey } from "./reading.ts";

export const EPISODE_KINDS = ["local", "regional", "device-fault", "offline", "interference"] as const;
export const EpisodeKind = z.enum(EPISODE_KINDS);
export type EpisodeKind = z.infer<typeof EpisodeKind>;

export const SEVERITIES = ["red", "orange", "yellow"] as const;
export const Severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof Severity>;

/** What a device's test had measured when it spoke. */
export const TestMeasure = z.strictObject({
  /** "flat-line", "bias", …: names as in notes. */
  name: z.string(),
  observedProperty: ObservedProperty,
  /** Epoch ms since when it speaks. */
  since: z.int(),
  /** Both in `unit`; "1" for a ratio. Which side of the limit is the wrong one goes with the test. */
  value: z.number(),
  limit: z.number(),
  unit: z.string(),
});
export type TestMeasure = z.infer<typeof TestMeasure>;

/** What the verdict rests on, as numbers: the officer reads it in words (detection's explain()). */
export const Evidence = z.strictObject({
  /** The station that decided, and its neighbours at the deciding minute. */
  stationId: StationId,
  observedProperty: ObservedProperty,
  /** Epoch ms of the deciding minute. */
  at: z.int(),
  /** Epoch ms of the station's reading that decided: with stationId its readingKey(). Absent where the station had long
   *  been silent, and in episodes before 2026-11-22. */
  phenomenonTime: z.int().optional(),
  /** In the property's unit, all of them: */
  value: z.number(),
  background: z.number(),
  excess: z.number(),
  /** Practical threshold D, and the name of the term that set it. */
  threshold: z.number(),
  thresholdTerm: z.string(),
  /** r / sigma, dimensionless. */
  z: z.number(),
  hotMinutes: z.int(),
  /** Coefficient of variation of the increment, dimensionless; null before there are enough minutes. */
  steadiness: z.number().nullable(),
  neighbours: z.array(
    z.strictObject({ stationId: StationId, distanceMetres: z.number(), value: z.number(), rise: z.number() }),
  ),
  otherProperties: z.array(
    z.strictObject({ observedProperty: ObservedProperty, value: z.number(), excess: z.number() }),
  ),
  /** m/s and degrees from north where it comes from; null without a trustworthy wind. */
  wind: z.strictObject({ speed: z.number(), direction: z.number(), directionSpread: z.number() }).nullable(),
  /** Names of the tests and terms that spoke, in order, e.g. "second-station", "flat-line". */
  notes: z.array(z.string()),
  /** Of a device fault: its tests with their numbers. Episodes before rules 2026-11-22.6 have none. */
  tests: z.array(TestMeasure).optional(),
});
export type Evidence = z.infer<typeof Evidence>;

export const SourceEstimate = z.strictObject({
  /** Place from which the source is nearest on average, WGS-84. */
  lon: z.number(),
  lat: z.number(),
  /** Radius in metres of the circle around it that holds the source with 50 % and with 90 % probability. */
  radius50Metres: z.number(),
  radius90Metres: z.number(),
  /** Likeliest towns and villages first; probabilities of one level sum to at most 1. */
  divisions: z.array(z.strictObject({ code: DivisionCode, probability: z.number() })),
});
export type SourceEstimate = z.infer<typeof SourceEstimate>;

export const Episode = z.strictObject({
  /** Deterministic from rule, property, place and start, see episodeId(). */
  id: z.string().min(1).max(120),
  kind: EpisodeKind,
  status: z.enum(["firing", "resolved"]),
  severity: Severity,
  observedProperties: z.array(ObservedProperty).min(1),
  stationIds: z.array(StationId),
  /** Hotspot cells, finest first; see grid's cellId(). */
  cellIds: z.array(z.string()),
  /** Smallest division: the likeliest village of the source where it is estimated; until then, once confirmed, the one
   *  upwind where the wind tells; else that of the station. */
  division: DivisionCode,
  /** Likeliest place, WGS-84: of the source where it is estimated, else of the station with the peak. */
  lon: z.number(),
  lat: z.number(),
  /** Epoch ms UTC, event time. confirmedAt null: provisional, nobody is paged for it. */
  startedAt: z.int(),
  confirmedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  /** In the first observed property's unit. */
  peak: z.number(),
  peakExcess: z.number(),
  background: z.number(),
  source: SourceEstimate.nullable(),
  evidence: Evidence.nullable(),
  ruleVersion: z.string(),
  /** Machine name of the decision, e.g. "second-station-agrees", "flat-line", "withdrawn". */
  reason: z.string(),
  /** The reason in sentences, for people. */
  explanation: z.strictObject({ zh: z.string(), en: z.string() }),
});
export type Episode = z.infer<typeof Episode>;

/** A message of the EPISODES log: the whole episode after the change. Revisions of one episode count from 1, so
 *  that a consumer ignores what it already has. */
export const EpisodeEvent = z.strictObject({
  type: z.enum(["raised", "updated", "resolved"]),
  revision: z.int().positive(),
  /** Event time of the tick that decided it, epoch ms. */
  at: z.int(),
  episode: Episode,
});
export type EpisodeEvent = z.infer<typeof EpisodeEvent>;

export const episodeSubject = (city: CityCode): string => `episodes.${city}`;
export const episodeEventKey = (e: Pick<EpisodeEvent, "episode" | "revision">): string =>
  `${e.episode.id}#${e.revision}`;
export const episodeId = (e: Pick<Episode, "kind" | "startedAt"> & { property: string; place: string }): string =>
  `${e.kind}-${e.property}-${e.place}-${Math.floor(e.startedAt / 60_000).toString(36)}`;

/** Key of the reading that decided what the episode is now: the id that logs and traces of every service show from the
 *  reading to the ticket. undefined where no single one did: of a region's process, of an offline station. */
export function decidingReading({ evidence }: Pick<Episode, "evidence">): string | undefined {
  if (evidence?.phenomenonTime === undefined) return undefined;
  return readingKey({ stationId: evidence.stationId, phenomenonTime: evidence.phenomenonTime });
}
