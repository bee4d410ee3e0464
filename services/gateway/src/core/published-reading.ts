import { OBSERVED_PROPERTIES, type ObservedProperty, PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { z } from "zod";

const within = ({ min, max }: { readonly min: number; readonly max: number }) =>
  z.number().min(min).max(max).optional();

/** Of a station's own numbers; places in degrees, WGS-84. */
const UNBOUNDED = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
export const DEVICE_NUMBERS = {
  battery: UNBOUNDED,
  rssi: UNBOUNDED,
  lon: { min: -180, max: 180 },
  lat: { min: -90, max: 90 },
} as const;
export const FIRMWARE_CHARACTERS = 64;

/** One reading as a station publishes it (design: MQTT). What it does not name is kept out, see unknownFields(). The
 *  time is judged apart, because it needs the clock. */
export const PublishedReading = z.object({
  phenomenonTime: z.unknown().optional(),
  seq: z.int().optional(),
  results: z.object(
    Object.fromEntries(
      OBSERVED_PROPERTIES.map((property) => [property, within(PROPERTY_DEFINITIONS[property])]),
    ) as Record<ObservedProperty, ReturnType<typeof within>>,
  ),
  device: z
    .object({
      battery: z.number().optional(),
      rssi: z.number().optional(),
      firmware: z.string().max(FIRMWARE_CHARACTERS).optional(),
      lon: within(DEVICE_NUMBERS.lon),
      lat: within(DEVICE_NUMBERS.lat),
    })
    .optional(),
});
export type PublishedReading = z.output<typeof PublishedReading>;

/** Names of what was kept out: "pm1", "device.colour"; top-level fields as "/name". */
export function unknownFields(raw: PublishedRaw, known: PublishedReading): string[] {
  if (sameSize(raw, known) && sameSize(raw.results, known.results) && sameSize(raw.device, known.device)) return [];
  const extra = (outer: object | undefined, inner: object | undefined, prefix: string) =>
    Object.keys(outer ?? {})
      .filter((name) => !Object.hasOwn(inner ?? {}, name))
      .map((name) => `${prefix}${name}`);
  return [
    ...extra(raw.results, known.results, ""),
    ...extra(raw.device, known.device, "device."),
    ...extra(raw, known, "/"),
  ];
}

/** What the schema accepted, before it kept the unknown out. */
export interface PublishedRaw {
  readonly results: object;
  readonly device?: object;
}

function sameSize(a: object | undefined, b: object | undefined): boolean {
  return a === b || Object.keys(a ?? {}).length === Object.keys(b ?? {}).length;
}
