import { CalendarDay, DutyShift, Leave } from "@hotgrid/contracts";
import { z } from "zod";

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const empty = z.literal("").transform(() => null);

/** Rows of shifts.csv, leaves.csv and calendar.csv. */
export const ShiftRow = z.object({
  ...DutyShift.shape,
  days: z
    .string()
    .transform((text) => text.split(" "))
    .pipe(DutyShift.shape.days),
  from: instant,
  to: z.union([empty, instant]),
});

export const LeaveRow = z.object({
  ...Leave.shape,
  from: instant,
  to: instant,
  substituteId: z.union([empty, z.string().max(64)]),
});

/** `source` and further columns are for people. */
export const CalendarRow = CalendarDay.strip();

const INSTANT = "带时区的 ISO 8601 Use ISO 8601 with an offset, e.g. 2026-01-01T00:00:00+08:00.";

/** What to do about a wrong field. */
export const ROSTER_REMEDIES = {
  shifts: {
    days: "用空格分隔 Use workday, restday, holiday, mon … sun, separated by blanks.",
    start: "当地时间 Local time, HH:MM.",
    end: "当地时间,不晚于开始则为次日 Local time, HH:MM; at or before the start it lies on the next day.",
    covers: "own 仅本级,below 含下级 Use own (this division) or below (all under it as well).",
    from: INSTANT,
    to: INSTANT,
  },
  leaves: { from: INSTANT, to: INSTANT, substituteId: "替班人员编号,或留空 An officer's id, or empty." },
  calendar: {
    date: "当地日期 Local date, e.g. 2026-10-01.",
    kind: "holiday 放假,workday 调休上班 Use holiday or workday (a make-up day).",
  },
} as const;
