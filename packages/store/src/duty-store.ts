import { type CalendarDay, type DivisionCode, DutyShift, type Leave } from "@hotgrid/contracts";
import type { DutyPlan } from "@hotgrid/grid";
import type { Insertable, Kysely } from "kysely";
import type { Database } from "./database.ts";
import { inChunks } from "./in-chunks.ts";
import type { CalendarDaysTable, DutyShiftsTable, LeavesTable } from "./tables/duty.ts";

/** What a city's rosters say beside its assignments. */
export interface Rosters {
  readonly shifts: readonly DutyShift[];
  readonly leaves: readonly Leave[];
  readonly calendar: readonly CalendarDay[];
}

const DAY_MS = 86_400_000;

/** Who is on duty when, past and to come; or (`of`) as much of it as decides who is on duty for these divisions, or
 *  takes the place of somebody there, at one moment: few rows, so that each ticket can be asked anew. Also within a
 *  transaction.
 *  @param utcOffset of the city's local time, e.g. "+08:00" */
export async function readDutyPlan(
  db: Kysely<Database>,
  utcOffset: string,
  of?: { readonly divisions: readonly DivisionCode[]; readonly at: number },
): Promise<DutyPlan> {
  let assignments = db.selectFrom("assignments").selectAll();
  let shifts = db.selectFrom("duty_shifts").selectAll();
  let leaves = db.selectFrom("leaves").selectAll();
  let calendar = db.selectFrom("calendar_days").selectAll();
  if (of !== undefined) {
    const { divisions, at } = of;
    // A shift that is on began yesterday or today, by whatever offset.
    const [first, last] = [at - 2 * DAY_MS, at + DAY_MS].map((day) => new Date(day).toISOString().slice(0, 10));
    assignments = assignments.where("division", "in", divisions).where("term_from", "<=", at);
    shifts = shifts.where("division", "in", divisions).where("term_from", "<=", at);
    leaves = leaves.where("leave_to", ">", at).where("leave_from", "<=", at);
    calendar = calendar.where("date", ">=", first ?? "").where("date", "<=", last ?? "");
  }
  return {
    utcOffset,
    assignments: (await assignments.execute()).map((row) => ({
      ...{ officerId: row.officer_id, division: row.division, role: row.role },
      ...{ from: row.term_from, to: row.term_to },
    })),
    shifts: (await shifts.execute()).map(shiftOf),
    leaves: (await leaves.execute()).map((row) => ({
      ...{ officerId: row.officer_id, from: row.leave_from, to: row.leave_to, substituteId: row.substitute_id },
    })),
    calendar: await calendar.execute(),
  };
}

/** For the seeds: adds what is missing. What somebody ended or changed stays as it is. */
export async function insertMissingRosters(db: Kysely<Database>, rosters: Rosters): Promise<void> {
  for (const chunk of inChunks(rosters.shifts.map(shiftRow)))
    await db
      .insertInto("duty_shifts")
      .values(chunk)
      .onConflict((oc) => oc.doNothing())
      .execute();
  for (const chunk of inChunks(rosters.leaves.map(leaveRow)))
    await db
      .insertInto("leaves")
      .values(chunk)
      .onConflict((oc) => oc.doNothing())
      .execute();
  for (const chunk of inChunks(rosters.calendar))
    await db
      .insertInto("calendar_days")
      .values(chunk.map(calendarRow))
      .onConflict((oc) => oc.doNothing())
      .execute();
}

const shiftOf = (row: DutyShiftsTable): DutyShift => ({
  ...{ division: row.division, officerId: row.officer_id, start: row.start, end: row.end, covers: row.covers },
  days: DutyShift.shape.days.parse(row.days.split(" ")),
  ...{ from: row.term_from, to: row.term_to },
});

export const shiftRow = (shift: DutyShift): Insertable<DutyShiftsTable> => ({
  ...{ division: shift.division, officer_id: shift.officerId, days: shift.days.join(" ") },
  ...{ start: shift.start, end: shift.end, covers: shift.covers, term_from: shift.from, term_to: shift.to },
});

export const leaveRow = ({ officerId, from, to, substituteId }: Leave): Insertable<LeavesTable> => ({
  ...{ officer_id: officerId, leave_from: from, leave_to: to, substitute_id: substituteId },
});

export const calendarRow = ({ division, date, kind, name }: CalendarDay): Insertable<CalendarDaysTable> => ({
  ...{ division, date, kind, name },
});
