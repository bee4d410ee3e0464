import type { Kysely, Migration } from "kysely";

export const falseAlarms: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("false_alarms")
      .addColumn("episode_id", "text", (c) => c.primaryKey().references("episodes.id"))
      .addColumn("ticket_id", "text", (c) => c.notNull().references("tickets.id"))
      .addColumn("rule_version", "text", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("reason", "text", (c) => c.notNull())
      .addColumn("by", "text", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("false_alarms_rule").on("false_alarms").columns(["rule_version", "kind"]).execute();
    await db.schema.createIndex("false_alarms_ticket").on("false_alarms").column("ticket_id").execute();
  },
};
