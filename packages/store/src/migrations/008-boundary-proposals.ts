import type { Kysely, Migration } from "kysely";

export const boundaryProposals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("boundary_proposals")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("ticket_id", "text", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("account_id", "text", (c) => c.notNull())
      .addColumn("division", "text", (c) => c.notNull())
      .addColumn("belongs_to", "text")
      .addColumn("lon", "double precision", (c) => c.notNull())
      .addColumn("lat", "double precision", (c) => c.notNull())
      .addColumn("cell", "text", (c) => c.notNull())
      .addColumn("note", "text", (c) => c.notNull())
      .addColumn("settled_at", "bigint")
      .execute();
    await db.schema
      .createIndex("boundary_proposals_open")
      .on("boundary_proposals")
      .columns(["settled_at", "division"])
      .execute();
  },
};
