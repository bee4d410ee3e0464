import type { Kysely, Migration } from "kysely";

/** Reminders before a ticket's clock runs out. */
export const ticketClocks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable("obligations").addColumn("remind_at", "bigint").execute();
    await db.schema.createIndex("obligations_remind").on("obligations").columns(["state", "remind_at"]).execute();
  },
};
