import { type CalendarDay, type DivisionCode, parentDivision, type ShiftDay } from "@hotgrid/contracts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
/** 1970-01-01 was a Thursday. */
const WEEKDAYS = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"] as const;

/** The days and hours of a city, whose local time keeps one offset (China's does: Asia/Shanghai of the IANA tz). */
export interface DutyCalendar {
  /** The time of day that holds `at`, on a day on which it begins: its bounds, epoch ms, half-open. Null: none. */
  holding(hours: DutyHours, division: DivisionCode, at: number): Span | null;
  /** Every such time of day that touches [from, to), in order. */
  within(hours: DutyHours, division: DivisionCode, span: Span): readonly Span[];
  /** Years of which the calendar knows no day although the span touches them. */
  unknownYears(span: Span): readonly number[];
}

/** Half-open, epoch ms UTC. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface DutyHours {
  readonly days: readonly ShiftDay[];
  /** Local, "HH:MM"; an end at or before the start lies on the next day. */
  readonly start: string;
  readonly end: string;
}

/** @param utcOffset such as "+08:00" */
export function createDutyCalendar(days: readonly CalendarDay[], utcOffset: string): DutyCalendar {
  const offset = offsetMs(utcOffset);
  const known = new Map(days.map(({ division, date, kind }) => [`${division} ${date}`, kind]));
  const years = new Set(days.map(({ date }) => Number(date.slice(0, 4))));
  const dayOf = (at: number): number => Math.floor((at + offset) / DAY_MS);

  /** The nearest division that says something of the day; null where none does. */
  const special = (day: number, division: DivisionCode): CalendarDay["kind"] | null => {
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    for (let code: DivisionCode | null = division; code !== null; code = parentDivision(code)) {
      const kind = known.get(`${code} ${date}`);
      if (kind !== undefined) return kind;
    }
    return null;
  };
  const matches = (wanted: readonly ShiftDay[], division: DivisionCode, day: number): boolean => {
    const weekday = WEEKDAYS[((day % 7) + 7) % 7] ?? "thu";
    if (wanted.includes(weekday)) return true;
    const kind = special(day, division);
    const works = kind === "workday" || (kind === null && weekday !== "sat" && weekday !== "sun");
    return wanted.includes(works ? "workday" : "restday") || (kind === "holiday" && wanted.includes("holiday"));
  };
  const begin = ({ start }: DutyHours, day: number): number => day * DAY_MS + minuteOf(start) * MINUTE_MS - offset;
  const within = (hours: DutyHours, division: DivisionCode, { from, to }: Span): Span[] => {
    const spans: Span[] = [];
    // No time of day lasts longer than a day, so that only yesterday's can still be on.
    for (let day = dayOf(from) - 1; begin(hours, day) < to; day++) {
      const span = { from: begin(hours, day), to: begin(hours, day) + lengthMs(hours) };
      if (span.to > from && matches(hours.days, division, day)) spans.push(span);
    }
    return spans;
  };
  return {
    within,
    holding: (hours, division, at) => within(hours, division, { from: at, to: at + 1 }).at(-1) ?? null,
    unknownYears({ from, to }) {
      const [first, last] = [from, to - 1].map((at) => new Date(at + offset).getUTCFullYear());
      return [...new Set([first, last])].flatMap((year) => (year === undefined || years.has(year) ? [] : [year]));
    },
  };
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** From 00:00 to 00:00 is a whole day. */
const lengthMs = ({ start, end }: DutyHours): number =>
  ((minuteOf(end) - minuteOf(start) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES) * MINUTE_MS;

function offsetMs(utcOffset: string): number {
  const match = /^([+-])(\d{2}):(\d{2})$/.exec(utcOffset);
  if (match === null) throw new RangeError(`not an offset like +08:00: ${utcOffset}`);
  const ms = (Number(match[2]) * 60 + Number(match[3])) * MINUTE_MS;
  return match[1] === "-" ? -ms : ms;
}
