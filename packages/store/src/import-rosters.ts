import type { AuditRecord, CalendarDay, DivisionCode, DutyShift, Leave } from "@hotgrid/contracts";
import { Rejected } from "@hotgrid/runtime";
import type { Kysely, Transaction } from "kysely";
import { type Actor, appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";
import type { DutyGuard } from "./duty-guard.ts";
import { calendarRow, leaveRow, type Rosters, shiftRow } from "./duty-store.ts";

export interface RosterImport {
  /** Epoch ms: what was before stays as it was. */
  readonly now: number;
  /** Allows rows that change who was on duty in the past: for a city's first import, and for corrections. */
  readonly backdate: boolean;
  /** Of the city's local time, e.g. "+08:00". */
  readonly utcOffset: string;
  readonly actor: Actor;
  readonly guard?: DutyGuard;
}

/** Adds shifts, leaves and days, or changes the end of those that are there, and says so in the audit log. All or
 *  nothing: throws Rejected
 *  ("unknown-officer", "bad-term", "changes-the-past") naming the row. */
export async function importRosters(db: Kysely<Database>, rosters: Rosters, options: RosterImport): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const judge = await options.guard?.(trx);
    const known = new Set((await trx.selectFrom("officers").select("id").execute()).map(({ id }) => id));
    for (const [index, shift] of rosters.shifts.entries()) {
      check(shift, [shift.officerId], known, `shifts[${index}]`);
      await putShift(trx, shift, `shifts[${index}]`, options);
      const { division, officerId, days, ...details } = shift;
      await audit(trx, options, officerId, division, "put-shift", { ...details, days: days.join(" ") });
    }
    for (const [index, leave] of rosters.leaves.entries()) {
      check(leave, [leave.officerId, leave.substituteId ?? leave.officerId], known, `leaves[${index}]`);
      await putLeave(trx, leave, `leaves[${index}]`, options);
      const { officerId, ...details } = leave;
      await audit(trx, options, officerId, null, "put-leave", details);
    }
    for (const [index, day] of rosters.calendar.entries()) {
      await putDay(trx, day, `calendar[${index}]`, options);
      const { division, date, ...details } = day;
      await audit(trx, options, date, division, "put-day", details);
    }
    await judge?.();
  });
}

const audit = (
  trx: Transaction<Database>,
  { now, actor }: RosterImport,
  subjectId: string,
  division: DivisionCode | null,
  action: string,
  details: AuditRecord["details"],
) => appendAudit(trx, { at: now, actor, subject: "roster", subjectId, division, action, details });

async function putShift(trx: Transaction<Database>, shift: DutyShift, field: string, options: RosterImport) {
  const row = shiftRow(shift);
  const there = await trx
    .selectFrom("duty_shifts")
    .selectAll()
    .where("division", "=", row.division)
    .where("officer_id", "=", row.officer_id)
    .where("start", "=", row.start)
    .where("days", "=", row.days)
    .where("term_from", "=", row.term_from)
    .executeTakeFirst();
  const same = there?.end === row.end && there.covers === row.covers;
  keepPast(same ? changeOfEnd(there.term_to, shift.to) : shift.from, field, options);
  await trx
    .insertInto("duty_shifts")
    .values(row)
    .onConflict((oc) => oc.columns(["division", "officer_id", "start", "days", "term_from"]).doUpdateSet(row))
    .execute();
}

async function putLeave(trx: Transaction<Database>, leave: Leave, field: string, options: RosterImport) {
  const row = leaveRow(leave);
  const there = await trx
    .selectFrom("leaves")
    .selectAll()
    .where("officer_id", "=", leave.officerId)
    .where("leave_from", "=", leave.from)
    .executeTakeFirst();
  const same = there?.substitute_id === leave.substituteId;
  keepPast(same ? changeOfEnd(there.leave_to, leave.to) : leave.from, field, options);
  await trx
    .insertInto("leaves")
    .values(row)
    .onConflict((oc) => oc.columns(["officer_id", "leave_from"]).doUpdateSet(row))
    .execute();
}

async function putDay(trx: Transaction<Database>, day: CalendarDay, field: string, options: RosterImport) {
  const there = await trx
    .selectFrom("calendar_days")
    .selectAll()
    .where("division", "=", day.division)
    .where("date", "=", day.date)
    .executeTakeFirst();
  const begins = Date.parse(`${day.date}T00:00:00${options.utcOffset}`);
  keepPast(there?.kind === day.kind ? null : begins, field, options);
  await trx
    .insertInto("calendar_days")
    .values(calendarRow(day))
    .onConflict((oc) => oc.columns(["date", "division"]).doUpdateSet(calendarRow(day)))
    .execute();
}

/** From when on another end makes a difference; null: it is the same. */
function changeOfEnd(before: number | null, after: number | null): number | null {
  if (before === after) return null;
  return Math.min(before ?? Number.POSITIVE_INFINITY, after ?? Number.POSITIVE_INFINITY);
}

function keepPast(changesFrom: number | null, field: string, { now, backdate }: RosterImport): void {
  if (backdate || changesFrom === null || changesFrom >= now) return;
  const zh = `${field} 会改变过去的值班情况；请从现在或以后生效，确需补录请加 --backdate`;
  const en = `${field} would change who was on duty in the past: let it begin from now on, or say --backdate`;
  throw new Rejected("changes-the-past", { zh, en }, field);
}

function check(
  term: { readonly from: number; readonly to: number | null },
  officers: readonly string[],
  known: ReadonlySet<string>,
  field: string,
): void {
  const stranger = officers.find((id) => !known.has(id));
  if (stranger !== undefined) {
    const zh = `${field} 的网格员 ${stranger} 不存在，请先用 hotgrid officers import 导入`;
    const en = `${field} names officer ${stranger}, who is not known: import the officer first (hotgrid officers import)`;
    throw new Rejected("unknown-officer", { zh, en }, field);
  }
  if (term.to !== null && term.to <= term.from) {
    const zh = `${field} 的结束时间必须晚于开始时间`;
    const en = `${field} ends at or before its beginning: set a later end`;
    throw new Rejected("bad-term", { zh, en }, field);
  }
}
