import { readFile } from "node:fs/promises";
import { ObservedProperty, StationId } from "@hotgrid/contracts";
import { z } from "zod";

/** Scenario files as in docs (interfaces: "Scenario files"): times in hours after `start`, coordinates WGS-84, emission
 *  in g/s. The truth is in the file. Fields marked "ours" are optional additions to that format. */
const lon = z.number().min(-180).max(180);
const lat = z.number().min(-90).max(90);
/** Hours after `start`; negative reaches into the warm-up. A year at most. */
const hours = z.number().min(-8760).max(8760);
const span = { from: hours, to: hours };
const ordered = { message: "`to` must lie after `from`", path: ["to"] };
const isOrdered = (s: { from: number; to: number }) => s.to > s.from;

export const WeatherPoint = z.strictObject({
  at: hours,
  /** m/s and degrees from north where it comes from, at 10 m. */
  windSpeed: z.number().min(0).max(40),
  windDirection: z.number().min(0).max(360),
  /** Pasquill class. */
  stability: z.enum(["A", "B", "C", "D", "E", "F"]).default("D"),
  /** m */
  mixingHeight: z.number().min(30).max(5000).default(600),
  /** °C and %, the mean of the day around this time. */
  temperature: z.number().min(-40).max(50).default(18),
  relativeHumidity: z.number().min(5).max(100).default(70),
});
export type WeatherPoint = z.infer<typeof WeatherPoint>;

export const BackgroundLevel = z.strictObject({
  /** All in the property's unit, see contracts. */
  mean: z.number().min(0),
  diurnalAmplitude: z.number().min(0).optional(),
  sigma: z.number().min(0).optional(),
  correlationHours: z.number().min(0.1).max(240).optional(),
  gradientPerKm: z.number().optional(),
});

export const RegionalEpisode = z
  .strictObject({
    ...span,
    property: ObservedProperty,
    /** Added to the background at the height of it, in the property's unit. */
    peak: z.number(),
    riseHours: z.number().min(0.02).max(72),
    /** Ours: m/s; without it 2 to 6 by the seed. */
    frontSpeed: z.number().min(0.5).max(30).optional(),
    /** Ours: only the half of the city on one side of the front's way is reached. */
    oneSided: z.boolean().optional(),
  })
  .refine(isOrdered, ordered);
export type RegionalEpisode = z.infer<typeof RegionalEpisode>;

export const Source = z
  .strictObject({
    id: z.string().min(1).max(64),
    lon,
    lat,
    /** Effective height of the release, its rise by heat included. */
    heightMetres: z.number().min(0).max(500),
    ...span,
    /** g/s of each property that it emits. */
    emission: z
      .partialRecord(ObservedProperty, z.number().min(0).max(10_000))
      .refine((emission) => Object.keys(emission).length > 0, "at least one property with its g/s"),
  })
  .refine(isOrdered, ordered);
export type Source = z.infer<typeof Source>;

export const FAULT_KINDS = [
  "flat-line",
  "stuck-high",
  "spike",
  "drift",
  "noise",
  "dropout",
  "clock-skew",
  "negative",
  "duplicate",
  "fan-failure",
  // Ours, beyond the documented kinds:
  "step",
  "zero",
  "erratic",
  "unit-swap",
  "foreign-feed",
  "clock-jump",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const Fault = z
  .strictObject({
    station: StationId,
    kind: z.enum(FAULT_KINDS),
    ...span,
    /** Ours: size in the property's unit (drift: per hour; clock-skew and clock-jump: seconds, negative = slow). */
    magnitude: z.number().optional(),
    /** Ours: of a foreign feed, the station whose values are sent; without it the next one of the list. */
    of: StationId.optional(),
  })
  .refine(isOrdered, ordered);
export type Fault = z.infer<typeof Fault>;

export const Interference = z
  .strictObject({ station: StationId, kind: z.literal("misting"), ...span })
  .refine(isOrdered, ordered);
export type Interference = z.infer<typeof Interference>;

/** Ours: what raises sensors without being a case for an officer. */
export const Nuisance = z
  .strictObject({
    kind: z.enum(["trucks", "cooking", "fireworks"]),
    ...span,
    /** trucks and cooking: events per day at a station beside a road or a kitchen. */
    perStationDay: z.number().min(0).max(200).optional(),
    /** µg/m³ of PM2.5 at the height of it. */
    peak: z.number().min(0).max(2000).optional(),
    /** trucks and cooking: each neighbourhood keeps its hours earlier or later by up to so many minutes. */
    shiftMinutes: z.number().min(0).max(720).optional(),
  })
  .refine(isOrdered, ordered);
export type Nuisance = z.infer<typeof Nuisance>;

export const Scenario = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/, "lower-case words joined by hyphens"),
  /** Ours: what it is for, in a sentence. */
  description: z.string().max(500).optional(),
  seed: z.int().min(0),
  start: z.iso.datetime({ offset: true }),
  hours: z.number().positive().max(8760),
  /** Hours before `start` in which the network runs undisturbed, for detection to learn. */
  warmupHours: z.number().min(0).max(8760).default(24),
  intervalSeconds: z.number().min(1).max(3600).default(60),
  stations: z.union([
    z.string().min(1),
    z
      .array(z.strictObject({ id: StationId, lon, lat, properties: z.array(ObservedProperty).min(1).optional() }))
      .min(1)
      .max(100_000),
  ]),
  weather: z
    .array(WeatherPoint)
    .min(1)
    .refine((points) => points.every((p, i) => i === 0 || p.at > (points[i - 1]?.at ?? 0)), "`at` must rise"),
  background: z.partialRecord(ObservedProperty, BackgroundLevel).default({}),
  regional: z.array(RegionalEpisode).default([]),
  sources: z.array(Source).default([]),
  faults: z.array(Fault).default([]),
  interference: z.array(Interference).default([]),
  nuisance: z.array(Nuisance).default([]),
});
export type Scenario = z.infer<typeof Scenario>;

/** Throws with the file, the field and what is wrong in it, one line each. */
export function parseScenario(text: string, file: string): Scenario {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file}: not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const parsed = Scenario.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".") || "(whole file)"}: ${issue.message}`);
  throw new Error(`${file}: not a scenario:\n${lines.join("\n")}`);
}

export const readScenario = async (file: string): Promise<Scenario> =>
  parseScenario(await readFile(file, "utf8"), file);
