import { IsoTime } from "@hotgrid/contracts";
import { LARGEST_OFFSET_MINUTES, plainTime } from "./plain-time.ts";

export interface TimeBounds {
  /** The gateway's clock, epoch ms. */
  readonly now: number;
  /** How far ahead of it a reading may be, ms. */
  readonly futureMs: number;
  /** How far behind it, ms. */
  readonly ageMs: number;
}

export type TimeFault = "missing-time" | "bad-time" | "future-time" | "ancient-time";

/** Epoch ms of a published phenomenonTime (ISO 8601 with offset, or epoch ms), or what is wrong with it. */
export function phenomenonTime(value: unknown, bounds: TimeBounds): number | TimeFault {
  if (value === undefined || value === null || value === "") return "missing-time";
  const time = typeof value === "number" ? value : isoTime(value);
  if (!Number.isSafeInteger(time)) return "bad-time";
  if (time > bounds.now + bounds.futureMs) return "future-time";
  if (time < bounds.now - bounds.ageMs) return "ancient-time";
  return time;
}

/** NaN for what is no time with an offset, a 30 February included. */
function isoTime(value: unknown): number {
  if (typeof value !== "string" || value.length > 40) return Number.NaN;
  const plain = plainTime(value);
  if (!Number.isNaN(plain)) return plain;
  if (!IsoTime.safeParse(value).success) return Number.NaN;
  const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})$/.exec(value) ?? [];
  if (sign !== undefined && Number(hours) * 60 + Number(minutes) > LARGEST_OFFSET_MINUTES) return Number.NaN;
  return Date.parse(value);
}
