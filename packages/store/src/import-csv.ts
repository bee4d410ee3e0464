import type { Assignment, CalendarDay, DutyShift, Leave, Officer, Station } from "@hotgrid/contracts";
import type { z } from "zod";
import { CalendarRow, LeaveRow, ROSTER_REMEDIES, ShiftRow } from "./roster-rows.ts";
import { parseSeedCsv } from "./seed-csv.ts";
import { SeedError, type SeedProblem } from "./seed-problem.ts";
import { AssignmentRow, OfficerRow, SEED_REMEDIES, StationRow } from "./seed-rows.ts";

/** The command line's imports: the same columns as the seed files. Each throws SeedError with every wrong row. */
export const parseStationsCsv = (file: string, text: string): Station[] =>
  parseAll(file, text, StationRow, SEED_REMEDIES.stations);

export const parseOfficersCsv = (file: string, text: string): Officer[] =>
  parseAll(file, text, OfficerRow, SEED_REMEDIES.officers);

export const parseAssignmentsCsv = (file: string, text: string): Assignment[] =>
  parseAll(file, text, AssignmentRow, SEED_REMEDIES.assignments);

export const parseShiftsCsv = (file: string, text: string): DutyShift[] =>
  parseAll(file, text, ShiftRow, ROSTER_REMEDIES.shifts);

export const parseLeavesCsv = (file: string, text: string): Leave[] =>
  parseAll(file, text, LeaveRow, ROSTER_REMEDIES.leaves);

export const parseCalendarCsv = (file: string, text: string): CalendarDay[] =>
  parseAll(file, text, CalendarRow, ROSTER_REMEDIES.calendar);

function parseAll<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  remedies: Readonly<Record<string, string>>,
): T[] {
  const problems: SeedProblem[] = [];
  const rows = parseSeedCsv(file, text, schema, remedies, problems);
  if (problems.length > 0) throw new SeedError(problems);
  return rows.map(({ value }) => value);
}
