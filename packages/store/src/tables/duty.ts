import type { CalendarDay, DutyShift } from "@hotgrid/contracts";

/** Tables of rosters: never deleted from, only ended, so that the past resolves as it was. Times are epoch ms UTC. */
export interface DutyTables {
  duty_shifts: DutyShiftsTable;
  leaves: LeavesTable;
  calendar_days: CalendarDaysTable;
}

export interface DutyShiftsTable {
  division: string;
  officer_id: string;
  /** Blank-separated ShiftDays. */
  days: string;
  /** Local time, "HH:MM". */
  start: string;
  end: string;
  covers: DutyShift["covers"];
  /** Inclusive. */
  term_from: number;
  /** Exclusive, null: open-ended. */
  term_to: number | null;
}

export interface LeavesTable {
  officer_id: string;
  /** Inclusive. */
  leave_from: number;
  /** Exclusive. */
  leave_to: number;
  substitute_id: string | null;
}

export interface CalendarDaysTable {
  division: string;
  /** Local date, "YYYY-MM-DD". */
  date: string;
  kind: CalendarDay["kind"];
  name: string;
}
