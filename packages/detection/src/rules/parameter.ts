import { z } from "zod";

/** A number of a rule file, written as `{ value, unit, reason }`, so that whoever tunes it reads why it is what it is.
 *  Parsed, only the number is left: the code works in the units that the schema demands. */
export const parameter = (unit: string, min: number, max: number) =>
  z
    .strictObject({ value: z.number().min(min).max(max), unit: z.literal(unit), reason: z.string().min(3).max(500) })
    .transform((p) => p.value);

/** A number in the unit of the property that it stands under; checked against the table of properties. */
export const concentration = (min: number, max: number) =>
  z
    .strictObject({ value: z.number().min(min).max(max), unit: z.string(), reason: z.string().min(3).max(500) })
    .transform((p) => ({ value: p.value, unit: p.unit }));
