import type { Kysely, Migration } from "kysely";

/** An episode belongs to one ticket, or, after a split, to several: neither database changes a primary key in place. */
export const episodesOfSplitTickets: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("episodes_of_tickets")
      .addColumn("episode_id", "text", (c) => c.notNull().references("episodes.id"))
      .addColumn("ticket_id", "text", (c) => c.notNull().references("tickets.id"))
      .addPrimaryKeyConstraint("episodes_of_tickets_pk", ["episode_id", "ticket_id"])
      .execute();
    const old = (db as Kysely<{ ticket_episodes: { episode_id: string; ticket_id: string } }>)
      .selectFrom("ticket_episodes")
      .select(["episode_id", "ticket_id"]);
    await (db as Kysely<{ episodes_of_tickets: { episode_id: string; ticket_id: string } }>)
      .insertInto("episodes_of_tickets")
      .columns(["episode_id", "ticket_id"])
      .expression(old)
      .execute();
    await db.schema.dropTable("ticket_episodes").execute();
    await db.schema.alterTable("episodes_of_tickets").renameTo("ticket_episodes").execute();
    await db.schema.createIndex("ticket_episodes_ticket").on("ticket_episodes").column("ticket_id").execute();
  },
};
