import type { Kysely, Migration } from "kysely";

/** Second factor (TOTP, recovery codes), single sign-on, and how far a login has come. */
export const logins: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable("sessions")
      .addColumn("stage", "text", (c) => c.notNull().defaultTo("full"))
      .execute();
    await db.schema
      .alterTable("sessions")
      .addColumn("origin", "text", (c) => c.notNull().defaultTo("password"))
      .execute();
    await db.schema.alterTable("accounts").addColumn("provisioned_by", "text").execute();
    await createTotp(db);
    await createSingleSignOn(db);
  },
};

async function createTotp(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("account_totp")
    .addColumn("account_id", "text", (c) => c.primaryKey().references("accounts.id").onDelete("cascade"))
    .addColumn("secret", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("confirmed_at", "bigint")
    .addColumn("last_step", "bigint", (c) => c.notNull())
    .addColumn("failed", "integer", (c) => c.notNull())
    .addColumn("locked_until", "bigint")
    .execute();
  await db.schema
    .createTable("account_recovery_codes")
    .addColumn("account_id", "text", (c) => c.notNull().references("account_totp.account_id").onDelete("cascade"))
    .addColumn("code_hash", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("account_recovery_codes_pk", ["account_id", "code_hash"])
    .execute();
}

async function createSingleSignOn(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("single_sign_ons")
    .addColumn("id_hash", "text", (c) => c.primaryKey())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("nonce", "text", (c) => c.notNull())
    .addColumn("verifier", "text", (c) => c.notNull())
    .addColumn("return_to", "text", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .execute();
}
