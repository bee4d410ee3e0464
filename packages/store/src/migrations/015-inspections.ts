import type { Kysely, Migration } from "kysely";

/** Third-party inspection: who may inspect what until when, how tickets are drawn, and which were. */
export const inspections: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("inspection_grants")
      .addColumn("account_id", "text", (c) => c.primaryKey().references("accounts.id").onDelete("cascade"))
      .addColumn("division", "text", (c) => c.notNull())
      .addColumn("until", "bigint", (c) => c.notNull())
      .addColumn("granted_at", "bigint", (c) => c.notNull())
      .addColumn("granted_by", "text", (c) => c.notNull())
      .execute();
    await db.schema
      .createTable("inspection_draws")
      .addColumn("period", "text", (c) => c.primaryKey())
      .addColumn("share", "double precision", (c) => c.notNull())
      .addColumn("kinds", "text", (c) => c.notNull())
      .addColumn("key", "text", (c) => c.notNull())
      .execute();
    await db.schema.alterTable("tickets").addColumn("inspection", "text").execute();
    await db.schema
      .createIndex("tickets_inspection")
      .on("tickets")
      .columns(["inspection", "opened_at", "id"])
      .execute();
  },
};
