import type { Assignment, DivisionCode, Officer } from "@hotgrid/contracts";
import { Rejected, SystemClock } from "@hotgrid/runtime";
import type { Insertable, Kysely, Selectable } from "kysely";
import { type Actor, appendAudit, SYSTEM } from "./append-audit.ts";
import type { Database } from "./database.ts";
import type { DutyGuard } from "./duty-guard.ts";
import { inChunks } from "./in-chunks.ts";
import type { AssignmentsTable } from "./tables/people-and-stations.ts";

/** What people change of duties happens now, whatever time a demo has. */
const WALL = new SystemClock();

export interface People {
  readonly officers: readonly Officer[];
  readonly assignments: readonly Assignment[];
}

/** Officers and their assignments. An assignment has a term; it is ended, never deleted. */
export class PeopleStore {
  readonly #db: Kysely<Database>;
  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async officers(): Promise<readonly Officer[]> {
    return this.#db.selectFrom("officers").select(["id", "name", "phone"]).orderBy("id").execute();
  }

  async officer(id: string): Promise<Officer | undefined> {
    return this.#db.selectFrom("officers").select(["id", "name", "phone"]).where("id", "=", id).executeTakeFirst();
  }

  /** Every assignment, past and to come, or those in term at `at` (epoch ms). */
  async assignments(at?: number): Promise<readonly Assignment[]> {
    let query = this.#db.selectFrom("assignments").selectAll();
    if (at !== undefined) {
      query = query
        .where("term_from", "<=", at)
        .where((eb) => eb.or([eb("term_to", "is", null), eb("term_to", ">", at)]));
    }
    const rows = await query.orderBy("division").orderBy("role").orderBy("term_from").orderBy("officer_id").execute();
    return rows.map(assignmentOf);
  }

  /** Adds, or replaces name, phone and end of term of what is there. All or nothing: throws Rejected
   *  ("unknown-officer", "bad-term") naming the row. */
  async upsert(people: People, by: Actor = SYSTEM, at = WALL.now(), guard?: DutyGuard): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const judge = await guard?.(trx);
      for (const { id, name, phone } of people.officers) {
        await trx
          .insertInto("officers")
          .values({ id, name, phone })
          .onConflict((oc) => oc.column("id").doUpdateSet({ name, phone }))
          .execute();
        const officer = { subject: "officer", subjectId: id, division: null } as const;
        await appendAudit(trx, { at, actor: by, ...officer, action: "put", details: { name } });
      }
      const known = new Set((await trx.selectFrom("officers").select("id").execute()).map((row) => row.id));
      for (const [index, assignment] of people.assignments.entries()) {
        checkAssignment(assignment, index, known);
        await trx
          .insertInto("assignments")
          .values(assignmentRow(assignment))
          .onConflict((oc) =>
            oc.columns(["officer_id", "division", "role", "term_from"]).doUpdateSet({ term_to: assignment.to }),
          )
          .execute();
        await appendAudit(trx, { at, actor: by, ...ofAssignment(assignment), action: "put" });
      }
      await judge?.();
    });
  }

  /** Ends the open terms of an officer in a division; `at` is exclusive, epoch ms. Answers how many it ended. */
  async endTerm(officerId: string, division: DivisionCode, at: number, by: Actor = SYSTEM): Promise<number> {
    return this.#db.transaction().execute(async (trx) => {
      const ended = await trx
        .updateTable("assignments")
        .set({ term_to: at })
        .where("officer_id", "=", officerId)
        .where("division", "=", division)
        .where("term_from", "<", at)
        .where((eb) => eb.or([eb("term_to", "is", null), eb("term_to", ">", at)]))
        .returningAll()
        .execute();
      for (const row of ended)
        await appendAudit(trx, { at: WALL.now(), actor: by, ...ofAssignment(assignmentOf(row)), action: "end" });
      return ended.length;
    });
  }
}

/** For the seeds: adds what is missing and answers how many. An assignment that somebody ended stays ended. */
export async function insertMissingPeople(
  db: Kysely<Database>,
  people: People,
): Promise<{ officers: number; assignments: number }> {
  let [officers, assignments] = [0, 0];
  for (const chunk of inChunks(people.officers)) {
    const rows = chunk.map(({ id, name, phone }) => ({ id, name, phone }));
    const { numInsertedOrUpdatedRows } = await db
      .insertInto("officers")
      .values(rows)
      .onConflict((oc) => oc.doNothing())
      .executeTakeFirstOrThrow();
    officers += Number(numInsertedOrUpdatedRows);
  }
  for (const chunk of inChunks(people.assignments)) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto("assignments")
      .values(chunk.map(assignmentRow))
      .onConflict((oc) => oc.doNothing())
      .executeTakeFirstOrThrow();
    assignments += Number(numInsertedOrUpdatedRows);
  }
  return { officers, assignments };
}

function checkAssignment(assignment: Assignment, index: number, known: ReadonlySet<string>): void {
  const { officerId, from, to } = assignment;
  if (!known.has(officerId)) {
    const zh = `责任分工第 ${index + 1} 行的网格员 ${officerId} 不存在，请先导入该网格员`;
    const en = `assignment ${index + 1} names officer ${officerId}, who is not known: import the officer as well`;
    throw new Rejected("unknown-officer", { zh, en }, `assignments[${index}].officerId`);
  }
  if (to !== null && to <= from) {
    const zh = `责任分工第 ${index + 1} 行的任期结束时间必须晚于开始时间`;
    const en = `assignment ${index + 1} ends at or before its beginning: set a later end, or none`;
    throw new Rejected("bad-term", { zh, en }, `assignments[${index}].to`);
  }
}

const ofAssignment = ({ officerId, division, role, from, to }: Assignment) =>
  ({ subject: "assignment", subjectId: officerId, division, details: { role, from, to } }) as const;

const assignmentRow = (assignment: Assignment): Insertable<AssignmentsTable> => ({
  officer_id: assignment.officerId,
  division: assignment.division,
  role: assignment.role,
  term_from: assignment.from,
  term_to: assignment.to,
});

const assignmentOf = (row: Selectable<AssignmentsTable>): Assignment => ({
  officerId: row.officer_id,
  division: row.division,
  role: row.role,
  from: row.term_from,
  to: row.term_to,
});
