import { z } from "zod";
import { type CityCode, CityCode as CityCodeSchema, StationId } from "./identifiers.ts";
import { ObservedProperty } from "./observed-properties.ts";

/** One report of one station. Field names follow OGC SensorThings 1.1 (OGC 18-088). */
export const Reading = z.strictObject({
  stationId: StationId,
  /** When the station measured it, by its own clock, epoch milliseconds UTC. */
  phenomenonTime: z.int(),
  /** When the gateway accepted it, epoch milliseconds UTC. */
  resultTime: z.int(),
  /** In each property's canonical unit, see observed-properties.ts. */
  results: z.partialRecord(ObservedProperty, z.number()),
  seq: z.int().optional(),
  device: z
    .strictObject({
      battery: z.number().optional(),
      rssi: z.number().optional(),
      firmware: z.string().max(64).optional(),
      lon: z.number().optional(),
      lat: z.number().optional(),
    })
    .optional(),
});
export type Reading = z.infer<typeof Reading>;
export type Results = Reading["results"];

/** One message of the READINGS log: the readings of one city that were gathered into one durable append, or the
 *  clock's mark, which moves event time on when the whole network is silent. */
export const ReadingsMessage = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("readings"), city: CityCodeSchema, readings: z.array(Reading) }),
  z.strictObject({ kind: z.literal("clock"), city: CityCodeSchema, at: z.int() }),
]);
export type ReadingsMessage = z.infer<typeof ReadingsMessage>;

export const readingSubject = (city: CityCode): string => `readings.${city}`;
export const readingKey = (r: Pick<Reading, "stationId" | "phenomenonTime">): string =>
  `${r.stationId}@${r.phenomenonTime}`;
