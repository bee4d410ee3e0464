import type { Kysely, Migration } from "kysely";

export const evidence: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("evidence")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("ticket_id", "text", (c) => c.notNull().references("tickets.id"))
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("account_id", "text", (c) => c.notNull())
      .addColumn("account_name", "text", (c) => c.notNull())
      .addColumn("width", "integer", (c) => c.notNull())
      .addColumn("height", "integer", (c) => c.notNull())
      .addColumn("bytes", "integer", (c) => c.notNull())
      .addColumn("sha256", "text", (c) => c.notNull())
      .addColumn("original_sha256", "text", (c) => c.notNull())
      .addColumn("taken_at", "text")
      .addColumn("lon", "double precision")
      .addColumn("lat", "double precision")
      .addUniqueConstraint("evidence_once", ["ticket_id", "original_sha256"])
      .execute();
  },
};
