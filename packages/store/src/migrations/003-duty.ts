import type { Kysely, Migration } from "kysely";

export const duty: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("duty_shifts")
      .addColumn("division", "text", (c) => c.notNull())
      .addColumn("officer_id", "text", (c) => c.notNull().references("officers.id"))
      .addColumn("days", "text", (c) => c.notNull())
      .addColumn("start", "text", (c) => c.notNull())
      .addColumn("end", "text", (c) => c.notNull())
      .addColumn("covers", "text", (c) => c.notNull())
      .addColumn("term_from", "bigint", (c) => c.notNull())
      .addColumn("term_to", "bigint")
      .addPrimaryKeyConstraint("duty_shifts_pk", ["division", "officer_id", "start", "days", "term_from"])
      .execute();
    await db.schema
      .createTable("leaves")
      .addColumn("officer_id", "text", (c) => c.notNull().references("officers.id"))
      .addColumn("leave_from", "bigint", (c) => c.notNull())
      .addColumn("leave_to", "bigint", (c) => c.notNull())
      .addColumn("substitute_id", "text", (c) => c.references("officers.id"))
      .addPrimaryKeyConstraint("leaves_pk", ["officer_id", "leave_from"])
      .execute();
    await db.schema.createIndex("leaves_end").on("leaves").column("leave_to").execute();
    await db.schema
      .createTable("calendar_days")
      .addColumn("date", "text", (c) => c.notNull())
      .addColumn("division", "text", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("name", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("calendar_days_pk", ["date", "division"])
      .execute();
  },
};
