import type { Assignment, CalendarDay, DutyShift, Leave } from "@hotgrid/contracts";

/** Everything that says who is on duty when. */
export interface DutyPlan {
  readonly assignments: readonly Assignment[];
  readonly shifts: readonly DutyShift[];
  readonly leaves: readonly Leave[];
  readonly calendar: readonly CalendarDay[];
  /** Of the city's local time, e.g. "+08:00". */
  readonly utcOffset: string;
}

/** Terms are half-open: from inclusive, to exclusive (epoch ms). */
export const inTerm = (term: { readonly from: number; readonly to: number | null }, at: number): boolean =>
  term.from <= at && (term.to === null || at < term.to);
