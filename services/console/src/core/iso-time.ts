const OFFSET = /^([+-])(\d{2}):(\d{2})$/;
const MINUTE_MS = 60_000;

/** Writes epoch milliseconds as ISO 8601 with the city's offset, e.g. 2026-11-22T08:00:00+08:00; milliseconds only
 *  where there are any. Throws RangeError for an offset that is not ±HH:MM. */
export type IsoWriter = (epochMs: number) => string;

export function isoWriter(utcOffset: string): IsoWriter {
  const match = OFFSET.exec(utcOffset);
  if (!match) throw new RangeError(`UTC offset ${utcOffset} is not ±HH:MM`);
  const [, sign, hours, minutes] = match;
  const offsetMs = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return (epochMs) => new Date(epochMs + offsetMs).toISOString().replace(/(\.000)?Z$/, "") + utcOffset;
}

/** The same, null for null. */
export const nullable =
  (iso: IsoWriter) =>
  (epochMs: number | null): string | null =>
    epochMs === null ? null : iso(epochMs);
