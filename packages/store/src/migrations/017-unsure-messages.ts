import type { Kysely, Migration } from "kysely";

/** Whether a message may have arrived although nobody said so. */
export const unsureMessages: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable("notification_messages")
      .addColumn("unsure", "integer", (c) => c.notNull().defaultTo(0))
      .execute();
  },
};
