import type { Kysely, Migration } from "kysely";

export const audit: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("audit")
      .addColumn("seq", "integer", (c) => c.primaryKey())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("account", "text", (c) => c.notNull())
      .addColumn("address", "text")
      .addColumn("subject", "text", (c) => c.notNull())
      .addColumn("subject_id", "text", (c) => c.notNull())
      .addColumn("division", "text")
      .addColumn("action", "text", (c) => c.notNull())
      .addColumn("details", "text", (c) => c.notNull())
      .addColumn("previous", "text", (c) => c.notNull())
      .addColumn("hash", "text", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("audit_subject").on("audit").columns(["subject", "subject_id", "seq"]).execute();
    await db.schema.createIndex("audit_account").on("audit").columns(["account", "seq"]).execute();
    await db.schema
      .createTable("audit_head")
      .addColumn("id", "integer", (c) => c.primaryKey())
      .addColumn("count", "integer", (c) => c.notNull())
      .addColumn("hash", "text", (c) => c.notNull())
      .execute();
    const head = db as Kysely<{ audit_head: { id: number; count: number; hash: string } }>;
    await head
      .insertInto("audit_head")
      .values({ id: 1, count: 0, hash: "0".repeat(64) })
      .execute();
  },
};
