import type { Kysely, Migration } from "kysely";

export const notifications: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await createSubjects(db);
    await createItems(db);
    await createMessages(db);
    await createSilences(db);
  },
};

async function createSubjects(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("notification_subjects")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("revision", "integer", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("is_over", "integer", (c) => c.notNull())
    .addColumn("document", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("notification_subjects_open")
    .on("notification_subjects")
    .columns(["is_over", "kind"])
    .execute();
}

async function createItems(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("notification_items")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("receiver", "text", (c) => c.notNull())
    .addColumn("address", "text", (c) => c.notNull())
    .addColumn("group_key", "text", (c) => c.notNull())
    .addColumn("subject_id", "text", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("ready_at", "bigint", (c) => c.notNull())
    .addColumn("message_id", "text")
    .addColumn("document", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("notification_items_ready")
    .on("notification_items")
    .columns(["state", "ready_at"])
    .execute();
  await db.schema.createIndex("notification_items_subject").on("notification_items").column("subject_id").execute();
  await db.schema.createIndex("notification_items_created").on("notification_items").column("created_at").execute();
}

async function createMessages(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("notification_messages")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("receiver", "text", (c) => c.notNull())
    .addColumn("address", "text", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("next_at", "bigint", (c) => c.notNull())
    .addColumn("settled_at", "bigint")
    .addColumn("document", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("notification_messages_next")
    .on("notification_messages")
    .columns(["state", "receiver", "next_at"])
    .execute();
  await db.schema
    .createIndex("notification_messages_rate")
    .on("notification_messages")
    .columns(["receiver", "address", "created_at"])
    .execute();
  await db.schema
    .createTable("notification_deliveries")
    .addColumn("message_id", "text", (c) => c.notNull().references("notification_messages.id").onDelete("cascade"))
    .addColumn("attempt", "integer", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("outcome", "text", (c) => c.notNull())
    .addColumn("detail", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("notification_deliveries_pk", ["message_id", "attempt"])
    .execute();
}

async function createSilences(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("silences")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("division", "text", (c) => c.notNull())
    .addColumn("kind", "text")
    .addColumn("station_id", "text")
    .addColumn("starts_at", "bigint", (c) => c.notNull())
    .addColumn("ends_at", "bigint", (c) => c.notNull())
    .addColumn("author", "text", (c) => c.notNull())
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("silences_ends").on("silences").column("ends_at").execute();
}
