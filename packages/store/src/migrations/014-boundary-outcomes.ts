import type { Kysely, Migration } from "kysely";

/** What became of a boundary proposal, and by whom. */
export const boundaryOutcomes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ["outcome", "settled_by", "settled_note"])
      await db.schema.alterTable("boundary_proposals").addColumn(column, "text").execute();
  },
};
