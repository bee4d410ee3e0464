import { z } from "zod";
import { type CityCode, DivisionCode, StationId } from "./identifiers.ts";
import { ObservedProperty } from "./observed-properties.ts";

export const STATION_KINDS = [
  "micro",
  "town",
  "dust-site",
  "dust-road",
  "park-boundary",
  "mobile",
  "reference",
] as const;
export const StationKind = z.enum(STATION_KINDS);
export type StationKind = z.infer<typeof StationKind>;

export const Station = z.strictObject({
  id: StationId,
  name: z.string().min(1).max(100),
  kind: StationKind,
  /** WGS-84 degrees. */
  lon: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  /** The village (or, where none is known, the smallest division) that it stands in. */
  division: DivisionCode,
  properties: z.array(ObservedProperty).min(1),
  intervalSeconds: z.number().positive(),
});
export type Station = z.infer<typeof Station>;

/** QARTOD flags (IOOS QARTOD manual): 1 pass, 2 not evaluated, 3 suspect, 4 fail, 9 missing. */
export const QcFlag = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(9)]);
export type QcFlag = z.infer<typeof QcFlag>;

export const ConnectionEvent = z.strictObject({
  kind: z.literal("connection"),
  stationId: StationId,
  state: z.enum(["online", "offline"]),
  at: z.int(),
  reason: z.string(),
});

export const QualityEvent = z.strictObject({
  kind: z.literal("quality"),
  stationId: StationId,
  observedProperty: ObservedProperty,
  flag: QcFlag,
  /** Names of the tests that set the flag, e.g. "flat-line". */
  tests: z.array(z.string()),
  at: z.int(),
});

export type QualityEvent = z.infer<typeof QualityEvent>;

/** What is decided again after a crash is the same message. */
export const qualityEventKey = ({ stationId, observedProperty, flag, at }: QualityEvent): string =>
  `${stationId}/${observedProperty}/${at}/${flag}`;

/** Messages of the STATIONS log: what became of a station's connection (gateway) and of its soundness (detector). */
export const StationEvent = z.discriminatedUnion("kind", [
  ConnectionEvent,
  QualityEvent,
  z.strictObject({
    kind: z.literal("unknown-property"),
    stationId: StationId,
    /** As published, cut to 64 characters. */
    property: z.string().max(64),
    at: z.int(),
  }),
]);
export type StationEvent = z.infer<typeof StationEvent>;

export const stationSubject = (city: CityCode): string => `stations.${city}`;
