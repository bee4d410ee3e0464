import type { Assignment, DivisionCode, Officer } from "@hotgrid/contracts";
import { Rejected } from "@hotgrid/runtime";
import type { Insertable, Kysely, Selectable } from "kysely";
import type { Database } from "./database.ts";
import { inChunks } from "./in-chunks.ts";
import type { AssignmentsTable } from "./tables/people-and-stations.ts";

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
  async upsert(people: People): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (const { id, name, phone } of people.officers) {
        await trx
          .insertInto("officers")
          .values({ id, name, phone })
          .onConflict((oc) => oc.column("id").doUpdateSet({ name, phone }))
          .execute();
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
      }
    });
  }

  /** Ends the open terms of an officer in a division; `at` is exclusive, epoch ms. Answers how many it ended. */
  async endTerm(officerId: string, division: DivisionCode, at: number): Promise<number> {
    const { numUpdatedRows } = await this.#db
      .updateTable("assignments")
      .set({ term_to: at })
      .where("officer_id", "=", officerId)
      .where("division", "=", division)
      .where("term_from", "<", at)
      .where((eb) => eb.or([eb("term_to", "is", null), eb("term_to", ">", at)]))
      .executeTakeFirstOrThrow();
    return Number(numUpdatedRows);
  }
}

/** For the seeds: adds what is missing. An assignment that somebody ended stays ended. */
export async function insertMissingPeople(db: Kysely<Database>, people: People): Promise<void> {
  for (const chunk of inChunks(people.officers)) {
    const rows = chunk.map(({ id, name, phone }) => ({ id, name, phone }));
    await db
      .insertInto("officers")
      .values(rows)
      .onConflict((oc) => oc.doNothing())
      .execute();
  }
  for (const chunk of inChunks(people.assignments)) {
    await db
      .insertInto("assignments")
      .values(chunk.map(assignmentRow))
      .onConflict((oc) => oc.doNothing())
      .execute();
  }
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
