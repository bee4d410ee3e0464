import type { Severity } from "@hotgrid/contracts";
import type { QuietHours } from "./notification-rules.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** @param offsetMinutes of the city's local time from UTC
 *  @returns when the quiet hours that hold at `now` end for this severity, epoch ms; null: none hold. Hours may cross
 *  midnight; from = to is the whole day. */
export function quietUntil(
  hours: readonly QuietHours[],
  severity: Severity,
  now: number,
  offsetMinutes: number,
): number | null {
  const local = Math.floor(now / MINUTE_MS) + offsetMinutes;
  const minute = ((local % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  const ends = hours
    .filter((quiet) => quiet.severities.includes(severity) && holds(quiet, minute))
    .map(
      ({ to }) =>
        (local + ((minuteOf(to) - minute + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES) - offsetMinutes) * MINUTE_MS,
    );
  return ends.length === 0 ? null : Math.max(...ends);
}

function holds({ from, to }: QuietHours, minute: number): boolean {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
