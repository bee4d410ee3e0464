import type { Kysely, Migration } from "kysely";

export const inhibitedEpisodes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("inhibited_episodes")
      .addColumn("episode_id", "text", (c) => c.primaryKey().references("episodes.id"))
      .addColumn("by_episode_id", "text", (c) => c.notNull().references("episodes.id"))
      .addColumn("at", "bigint", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("inhibited_by").on("inhibited_episodes").column("by_episode_id").execute();
  },
};
