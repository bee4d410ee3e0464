import { z } from "zod";

/** A time in a query: ISO 8601 with offset, as answers have it, or epoch milliseconds. A "+" that was not escaped
 *  arrives as a space and is taken for what it was. */
export const QueryTime = z
  .string()
  .max(40)
  .transform((text, context) => {
    const at = /^\d{1,15}$/.test(text) ? Number(text) : parseIso(text.replace(" ", "+"));
    if (at !== null) return at;
    context.addIssue({ code: "invalid_format", format: "datetime", input: text });
    return z.NEVER;
  });

const Iso = z.iso.datetime({ offset: true });
const parseIso = (text: string): number | null => (Iso.safeParse(text).success ? Date.parse(text) : null);
