const OFFSET = /^([+-])(\d{2}):(\d{2})$/;
const MINUTE_MS = 60_000;

/** Minutes east of UTC of an offset such as "+08:00". Throws RangeError for anything else. */
export function offsetMinutes(utcOffset: string): number {
  const match = OFFSET.exec(utcOffset);
  if (!match) throw new RangeError(`UTC offset ${utcOffset} is not ±HH:MM`);
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

export interface CityTime {
  /** 2026-11-22 08:00:05 */
  full(epochMs: number): string;
  /** 11-22 08:00 */
  short(epochMs: number): string;
  /** 08:00 on the day of `nowMs`, else 11-22 08:00. */
  brief(epochMs: number, nowMs: number): string;
  /** 2026-11-22T08:00:05+08:00, as the API takes it. */
  iso(epochMs: number): string;
}

/** Times as the city's clocks show them, wherever the browser stands. */
export function cityTime(utcOffset: string): CityTime {
  const shiftMs = offsetMinutes(utcOffset) * MINUTE_MS;
  const local = (epochMs: number) => new Date(epochMs + shiftMs).toISOString();
  const short = (epochMs: number) => local(epochMs).slice(5, 16).replace("T", " ");
  return {
    full: (epochMs) => local(epochMs).slice(0, 19).replace("T", " "),
    short,
    brief: (epochMs, nowMs) =>
      local(epochMs).slice(0, 10) === local(nowMs).slice(0, 10) ? local(epochMs).slice(11, 16) : short(epochMs),
    iso: (epochMs) => local(epochMs).slice(0, 19) + utcOffset,
  };
}
