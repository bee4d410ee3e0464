import { Severity } from "@hotgrid/contracts";
import { z } from "zod";

const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "22:00"');

/** Local hours in which these severities may wait for the morning: nobody is told, and no clock of an officer begins.
 *  They may cross midnight. */
export const QuietHours = z
  .strictObject({ from: ClockTime, to: ClockTime, severities: z.array(Severity) })
  .refine(({ from, to }) => from !== to, { path: ["to"], error: "quiet hours end at another time than they begin" });
export type QuietHours = z.infer<typeof QuietHours>;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Stretches that follow upon each other without a gap. */
const FOLLOWING_AT_MOST = 10;

/** @param offsetMinutes of the city's local time from UTC
 *  @returns when the quiet hours that hold at `now` end for this severity, those that begin at that end included,
 *  epoch ms; null: none hold */
export function quietUntil(
  hours: readonly QuietHours[],
  severity: Severity,
  now: number,
  offsetMinutes: number,
): number | null {
  const concerned = hours.filter(({ severities }) => severities.includes(severity));
  let end: number | null = null;
  for (let stretch = 0; stretch < FOLLOWING_AT_MOST; stretch++) {
    const next = endOf(concerned, end ?? now, offsetMinutes);
    if (next === null) break;
    end = next;
  }
  return end;
}

function endOf(hours: readonly QuietHours[], at: number, offsetMinutes: number): number | null {
  const local = Math.floor(at / MINUTE_MS) + offsetMinutes;
  const minute = ((local % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  const ends = hours
    .filter((quiet) => holds(quiet, minute))
    .map(({ to }) => (local + ((minuteOf(to) - minute + DAY_MINUTES) % DAY_MINUTES) - offsetMinutes) * MINUTE_MS);
  return ends.length === 0 ? null : Math.max(...ends);
}

function holds({ from, to }: QuietHours, minute: number): boolean {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
