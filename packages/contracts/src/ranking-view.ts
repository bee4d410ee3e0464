import { z } from "zod";
import { IsoTime } from "./api.ts";
import { DivisionCode, StationId } from "./identifiers.ts";
import { ObservedProperty } from "./observed-properties.ts";

/** Concentrations: what is ranked. */
export const RankedProperty = ObservedProperty.exclude([
  "temperature",
  "relativeHumidity",
  "pressure",
  "windSpeed",
  "windDirection",
  "noise",
]);
export type RankedProperty = z.infer<typeof RankedProperty>;

const Place = z.strictObject({
  /** 1 is the lowest mean; equal means share one. Null: too little was measured to be ranked. */
  rank: z.int().min(1).nullable(),
  /** In `unit`, rounded; null where no hour is valid. */
  mean: z.number().nullable(),
  /** Valid hours by the hours of the span, of a town the mean of its stations; 0 to 1. */
  coverage: z.number().min(0).max(1),
  /** From the city down. */
  divisionNames: z.array(z.string()),
});

/** GET /rankings: mean concentrations of towns and stations over the hours that begin in [from, to), the lowest first,
 *  what could not be ranked last. */
export const RankingView = z.strictObject({
  property: RankedProperty,
  unit: z.string(),
  from: IsoTime,
  to: IsoTime,
  interval: z.literal("1h"),
  /** In the span. */
  hours: z.int(),
  /** By which rules a mean is valid. */
  basis: z.strictObject({ zh: z.string(), en: z.string() }),
  towns: z.array(
    Place.extend({
      division: DivisionCode,
      stationCount: z.int(),
      /** Stations with a valid mean: the town's mean is theirs. */
      validStationCount: z.int(),
    }),
  ),
  stations: z.array(Place.extend({ stationId: StationId, name: z.string(), division: DivisionCode })),
});
export type RankingView = z.infer<typeof RankingView>;
