import type { Kysely, Migration } from "kysely";

export const peopleAndStations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await createStations(db);
    await createStationStatus(db);
    await createPeople(db);
    await createAccounts(db);
    await createDeadLetters(db);
    await db.schema
      .createTable("meta")
      .addColumn("key", "text", (c) => c.primaryKey())
      .addColumn("value", "text", (c) => c.notNull())
      .execute();
  },
};

async function createStations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("stations")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("lon", "double precision", (c) => c.notNull())
    .addColumn("lat", "double precision", (c) => c.notNull())
    .addColumn("division", "text", (c) => c.notNull())
    .addColumn("properties", "text", (c) => c.notNull())
    .addColumn("interval_seconds", "double precision", (c) => c.notNull())
    .addColumn("secret_hash", "text")
    .addColumn("retired_at", "bigint")
    .execute();
}

/** Without foreign keys: an event may come for a station that was removed meanwhile. */
async function createStationStatus(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("station_status")
    .addColumn("station_id", "text", (c) => c.primaryKey())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("reason", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("station_flags")
    .addColumn("station_id", "text", (c) => c.notNull())
    .addColumn("observed_property", "text", (c) => c.notNull())
    .addColumn("flag", "integer", (c) => c.notNull())
    .addColumn("tests", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("station_flags_pk", ["station_id", "observed_property"])
    .execute();
  await db.schema
    .createTable("station_unknown_properties")
    .addColumn("station_id", "text", (c) => c.notNull())
    .addColumn("property", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("station_unknown_properties_pk", ["station_id", "property"])
    .execute();
}

async function createPeople(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("officers")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("phone", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("assignments")
    .addColumn("officer_id", "text", (c) => c.notNull().references("officers.id"))
    .addColumn("division", "text", (c) => c.notNull())
    .addColumn("role", "text", (c) => c.notNull())
    .addColumn("term_from", "bigint", (c) => c.notNull())
    .addColumn("term_to", "bigint")
    .addPrimaryKeyConstraint("assignments_pk", ["officer_id", "division", "role", "term_from"])
    .execute();
  await db.schema.createIndex("assignments_division").on("assignments").column("division").execute();
}

async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("accounts")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("role", "text", (c) => c.notNull())
    .addColumn("division", "text", (c) => c.notNull())
    .addColumn("officer_id", "text", (c) => c.references("officers.id"))
    .addColumn("password_hash", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("disabled_at", "bigint")
    .addColumn("failed_logins", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("locked_until", "bigint")
    .execute();
  await db.schema
    .createTable("sessions")
    .addColumn("token_hash", "text", (c) => c.primaryKey())
    .addColumn("account_id", "text", (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("last_seen_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("sessions_account").on("sessions").column("account_id").execute();
}

async function createDeadLetters(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("dead_letters")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("message_zh", "text", (c) => c.notNull())
    .addColumn("message_en", "text", (c) => c.notNull())
    .addColumn("field", "text", (c) => c.notNull())
    .addColumn("source_kind", "text", (c) => c.notNull())
    .addColumn("source_station_id", "text")
    .addColumn("source_subject", "text", (c) => c.notNull())
    .addColumn("raw", "text", (c) => c.notNull())
    .addColumn("raw_bytes", "integer", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("dead_letters_at").on("dead_letters").columns(["at", "id"]).execute();
  await db.schema.createIndex("dead_letters_reason").on("dead_letters").columns(["reason", "at", "id"]).execute();
  await db.schema
    .createIndex("dead_letters_station")
    .on("dead_letters")
    .columns(["source_station_id", "at", "id"])
    .execute();
}
