import type { Kysely, Migration } from "kysely";

export const tickets: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await createEpisodes(db);
    await createTickets(db);
    await createHistory(db);
    await createObligations(db);
    await createMessages(db);
  },
};

async function createEpisodes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("episodes")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("revision", "integer", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("division", "text", (c) => c.notNull())
    .addColumn("started_at", "bigint", (c) => c.notNull())
    .addColumn("confirmed_at", "bigint")
    .addColumn("ended_at", "bigint")
    .addColumn("document", "text", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("episodes_started").on("episodes").columns(["started_at", "id"]).execute();
  await db.schema.createIndex("episodes_status").on("episodes").columns(["status", "started_at", "id"]).execute();
}

/** `open_place` is what makes "one open ticket per place" a fact of the database: see TicketsTable. */
async function createTickets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("tickets")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("revision", "integer", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("severity", "text", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("place", "text", (c) => c.notNull())
    .addColumn("open_place", "text")
    .addColumn("division", "text", (c) => c.notNull())
    .addColumn("officer_id", "text", (c) => c.notNull())
    .addColumn("overdue", "integer", (c) => c.notNull())
    .addColumn("opened_at", "bigint", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .addColumn("closed_at", "bigint")
    .addColumn("document", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("tickets_open_place")
    .unique()
    .on("tickets")
    .column("open_place")
    .where("open_place" as never, "is not", null)
    .execute();
  await db.schema.createIndex("tickets_place").on("tickets").columns(["place", "closed_at"]).execute();
  await db.schema.createIndex("tickets_opened").on("tickets").columns(["opened_at", "id"]).execute();
  await db.schema.createIndex("tickets_state").on("tickets").columns(["state", "opened_at", "id"]).execute();
  await db.schema.createIndex("tickets_officer").on("tickets").columns(["officer_id", "opened_at", "id"]).execute();
  await db.schema
    .createTable("ticket_episodes")
    .addColumn("episode_id", "text", (c) => c.primaryKey().references("episodes.id"))
    .addColumn("ticket_id", "text", (c) => c.notNull().references("tickets.id"))
    .execute();
  await db.schema.createIndex("ticket_episodes_ticket").on("ticket_episodes").column("ticket_id").execute();
}

async function createHistory(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("ticket_history")
    .addColumn("ticket_id", "text", (c) => c.notNull().references("tickets.id"))
    .addColumn("revision", "integer", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("action", "text", (c) => c.notNull())
    .addColumn("by", "text", (c) => c.notNull())
    .addColumn("document", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("ticket_history_pk", ["ticket_id", "revision"])
    .execute();
}

async function createObligations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("obligations")
    .addColumn("ticket_id", "text", (c) => c.notNull().references("tickets.id"))
    .addColumn("position", "integer", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("due_at", "bigint", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("settled_at", "bigint")
    .addPrimaryKeyConstraint("obligations_pk", ["ticket_id", "position"])
    .execute();
  await db.schema.createIndex("obligations_due").on("obligations").columns(["state", "due_at"]).execute();
}

async function createMessages(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("outbox")
    .addColumn("message_id", "text", (c) => c.primaryKey())
    .addColumn("ticket_id", "text", (c) => c.notNull())
    .addColumn("revision", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("sent_at", "bigint")
    .addColumn("document", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("outbox_sent")
    .on("outbox")
    .columns(["sent_at", "created_at", "ticket_id", "revision"])
    .execute();
  await db.schema
    .createTable("command_results")
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("idempotency_key", "text", (c) => c.notNull())
    .addColumn("request_hash", "text", (c) => c.notNull())
    .addColumn("reply", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("command_results_pk", ["account_id", "idempotency_key"])
    .execute();
  await db.schema.createIndex("command_results_at").on("command_results").column("at").execute();
}
