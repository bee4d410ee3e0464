import { OBSERVED_PROPERTIES, ObservedProperty, PROPERTY_DEFINITIONS, StationKind } from "@hotgrid/contracts";
import { z } from "zod";
import { parameter as p } from "./parameter.ts";
import { CHANNEL_PARAMETERS, PropertyRules } from "./property-rules.ts";

const Time = z.strictObject({
  latenessSeconds: p("s", 0, 3600),
  futureSeconds: p("s", 0, 3600),
  quorum: p("share", 0.1, 0.9),
  minority: p("share", 0.01, 0.5),
  activeMinutes: p("min", 2, 1440),
  longestGapHours: p("h", 1, 168),
});

const Quality = z.strictObject({
  holdMinutes: p("min", 0, 120),
  missingMinutes: p("min", 1, 1440),
  outageMinutes: p("min", 1, 1440),
  offlineTicketHours: p("h", 0.5, 72),
  networkOutageShare: p("share", 0.05, 1),
  skewSuspectSeconds: p("s", 1, 3600),
  skewFailSeconds: p("s", 1, 3600),
  zeroMinutes: p("min", 5, 1440),
  noiseMinutes: p("min", 10, 1440),
  noiseShare: p("share", 0.1, 2),
  noiseCovariance: p("share", -1, 0),
  attenuatedRatio: p("ratio", 1.5, 100),
  invertedMargin: p("µg/m³", 0, 100),
  invertedShare: p("share", 0, 1),
  invertedMinutes: p("min", 5, 1440),
  biasShare: p("share", 0.1, 5),
  driftSlopeMin: p("ratio", 0.1, 1),
  driftSlopeMax: p("ratio", 1, 10),
  driftOffset: p("delta", 0.05, 10),
  driftOffsetShare: p("share", 0, 1),
  driftDays: p("d", 0.5, 14),
  flatBackgroundMoved: p("delta", 0, 10),
  unitMinutes: p("min", 5, 1440),
  twinMinutes: p("min", 5, 1440),
  faultClearMinutes: p("min", 5, 1440),
});

const Background = z.strictObject({
  neighbours: p("stations", 3, 8),
  fewestNeighbours: p("stations", 1, 8),
  radiusMetres: p("m", 100, 100_000),
  slowHalfLifeMinutes: p("min", 10, 10_080),
});

const Increment = z.strictObject({
  gainMin: p("ratio", 0.1, 1),
  gainMax: p("ratio", 1, 10),
  gainHalfLifeDays: p("d", 0.5, 90),
  offsetHalfLifeDays: p("d", 0.5, 90),
  scaleHalfLifeDays: p("d", 0.1, 90),
  calmZ: p("sigma", 1, 10),
  gainShare: p("share", 0, 2),
  shareOfBackground: p("share", 0, 1),
  minutesOfTrend: p("min", 0, 120),
});

const Decision = z.strictObject({
  hotZ: p("sigma", 1, 20),
  aloneZ: p("sigma", 1, 20),
  regionalZ: p("sigma", 1, 20),
  cappedZ: p("sigma", 1, 50),
  thresholdShare: p("share", 0, 2),
  thresholdRiseShare: p("share", 0, 2),
  thresholdMinutesOfTrend: p("min", 0, 240),
  riseShare: p("delta", 0, 5),
  vetoRatio: p("ratio", 1, 20),
  regionalVetoRatio: p("ratio", 1, 20),
  unevenFactor: p("1", 0, 50),
  memoryMinutes: p("min", 2, 120),
  openEz: p("sigma", 0.1, 6),
  openHotMinutes: p("min", 0, 60),
  openWindowMinutes: p("min", 5, 60),
  holdHotMinutes: p("min", 0, 60),
  holdWindowMinutes: p("min", 5, 60),
  holdDose: p("delta min", 0, 1000),
  sureDose: p("delta min", 0, 1000),
  agreeDose: p("delta min", 0, 1000),
  agreeMetres: p("m", 100, 50_000),
  agreeHotMinutes: p("min", 1, 60),
  agreeEz: p("sigma", 0, 6),
  confirmExcess: p("delta", 0, 20),
  habitExcess: p("delta", 0, 20),
  floodEpisodes: p("episodes", 1, 100),
  floodHoldMinutes: p("min", 0, 240),
  faintDose: p("delta min", 0, 10_000),
  creepShare: p("share", 0, 1),
  steadyCv: p("ratio", 0, 1),
  sunkMinutes: p("min", 1, 60),
  sunkWindowMinutes: p("min", 5, 60),
  resolveQuietMinutes: p("min", 1, 1440),
  recurMinutes: p("min", 0, 1440),
});

const Habit = z.strictObject({
  leastExcess: p("delta", 0.1, 5),
  leastMinutes: p("min", 1, 60),
  memoryDays: p("d", 2, 200),
  hoursPerDay: p("h", 0.02, 24),
  besideHours: p("h", 0, 12),
  cityShare: p("share", 0.001, 1),
});

const Regional = z.strictObject({
  zoneShare: p("share", 0.1, 1),
  zoneRise: p("delta", 0.1, 20),
  backgroundRise: p("delta", 0.1, 50),
  noticeShare: p("share", 0.1, 1),
  noticeRise: p("delta", 0.1, 50),
  noticeMinutes: p("min", 1, 1440),
  clearMinutes: p("min", 1, 1440),
});

const ColdStart = z.strictObject({
  silentHours: p("h", 0, 168),
  learningDays: p("d", 0, 30),
  learningFactor: p("ratio", 1, 10),
});

const Interference = z.strictObject({
  humidityRise: p("%", 1, 100),
  humidityMinutes: p("min", 1, 60),
  fallShare: p("share", 0.05, 1),
  repeats: p("times", 1, 100),
  windowHours: p("h", 1, 168),
  fromHour: p("h", 0, 24),
  toHour: p("h", 0, 24),
});

const Source = z.strictObject({
  cellMetres: p("m", 50, 2000),
  radiusMetres: p("m", 500, 20_000),
  windowMinutes: p("min", 5, 60),
  stations: p("stations", 1, 30),
  blockMinutes: p("min", 1, 60),
  windWidening: p("ratio", 0, 1),
  placeWideningMetres: p("m", 0, 1000),
  turnDegrees: p("°", 0, 45),
  weakestGrams: p("g/s", 0.001, 10),
  strongestGrams: p("g/s", 1, 10_000),
  emissionMinutes: p("min", 10, 1440),
  plumeError: p("ratio", 0.1, 5),
  meanError: p("ratio", 0.1, 5),
  blockWeight: p("share", 0.01, 1),
  calmMetresPerSecond: p("m/s", 0, 5),
  widestSpreadDegrees: p("°", 1, 180),
  upwindMetres: p("m", 0, 20_000),
  againMinutes: p("min", 1, 1440),
  settledMinutes: p("min", 0, 1440),
});

const Publication = z.strictObject({
  updateMinutes: p("min", 0, 1440),
  peakShare: p("share", 0.01, 10),
});

const Override = z.strictObject({
  reason: z.string().min(3).max(500),
  when: z.strictObject({
    properties: z.array(ObservedProperty).min(1).optional(),
    kinds: z.array(StationKind).min(1).optional(),
    /** Division codes; a station in one of them or below it matches. */
    divisions: z
      .array(z.string().regex(/^\d{4,12}$/))
      .min(1)
      .optional(),
    /** Months, 1 to 12, in the city's time. */
    months: z.array(z.int().min(1).max(12)).min(1).optional(),
  }),
  set: z.strictObject(CHANNEL_PARAMETERS).partial(),
});
export type Override = z.infer<typeof Override>;

/** A version of the rules: all that decides, beside the readings. A change ships under a new version. */
export const DetectionRules = z
  .strictObject({
    version: z.string().regex(/^[A-Za-z0-9._-]{1,40}$/, "1 to 40 of A-Z a-z 0-9 . _ -"),
    description: z.strictObject({ zh: z.string(), en: z.string() }),
    time: Time,
    quality: Quality,
    background: Background,
    increment: Increment,
    decision: Decision,
    habit: Habit,
    regional: Regional,
    coldStart: ColdStart,
    interference: Interference,
    source: Source,
    publication: Publication,
    properties: z.partialRecord(ObservedProperty, PropertyRules),
    overrides: z.array(Override).max(200),
  })
  .superRefine((rules, context) => {
    for (const property of OBSERVED_PROPERTIES) {
      const table = rules.properties[property];
      if (table) checkUnits(table, property, ["properties", property], context);
    }
    rules.overrides.forEach((override, i) => {
      for (const property of override.when.properties ?? [])
        checkUnits(override.set, property, ["overrides", i, "set"], context);
    });
  });
export type DetectionRules = z.infer<typeof DetectionRules>;

/** A threshold in the wrong unit would be wrong by a factor of a thousand (CO is in mg/m³), in silence. */
function checkUnits(
  table: { [P in keyof PropertyRules]?: PropertyRules[P] | undefined },
  property: ObservedProperty,
  path: (string | number)[],
  context: z.RefinementCtx,
): void {
  const unit = PROPERTY_DEFINITIONS[property].unit;
  for (const [name, entry] of Object.entries(table)) {
    if (typeof entry !== "object" || entry === null || entry.unit === unit) continue;
    context.addIssue({
      code: "custom",
      path: [...path, name, "unit"],
      message: `expected "${unit}", the unit of ${property}`,
    });
  }
}
