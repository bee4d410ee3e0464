import { readFileSync } from "node:fs";
import { type Kysely, PostgresDialect, sql } from "kysely";
import type { Database } from "../database.ts";
import { migrateToLatest } from "../migrate-to-latest.ts";
import { openPool } from "./postgres-pool.ts";
import { RetryingDatabase } from "./retrying-database.ts";

export interface PostgresOptions {
  /** postgresql://USER@HOST:PORT/DATABASE, with libpq's parameters (`?sslmode=verify-full&sslrootcert=FILE`). */
  readonly url: string;
  /** File that holds the password and nothing else; without it, the one in the URL or in PGPASSWORD. */
  readonly passwordFile?: string | undefined;
}

/** No code of ours changes what the audit log says, not even by a mistake: as on SQLite. One process at a time: two that
 *  replace the same function fail. The number is that of nothing else of ours. */
const KEEP_AUDIT = `
  select pg_advisory_xact_lock(7309453);
  create or replace function audit_is_append_only() returns trigger language plpgsql as
    $$ begin raise exception 'the audit log is append-only'; end $$;
  create or replace trigger audit_no_change before update or delete or truncate on audit
    for each statement execute function audit_is_append_only()`;

/** Opens the same tables on PostgreSQL 14 or newer and brings their schema up to date. `destroy()` closes it. Throws
 *  Unavailable where the server does not answer, an Error where the database can't be used as it was created. */
export async function openPostgresDatabase(options: PostgresOptions): Promise<Kysely<Database>> {
  const pool = openPool({ connectionString: withPassword(options) });
  const db = new RetryingDatabase({ dialect: new PostgresDialect({ pool }) });
  try {
    await checkDatabase(db);
    await migrateToLatest(db);
    await keepAudit(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Once: a trigger that is made waits for whoever writes to the table. */
async function keepAudit(db: Kysely<Database>): Promise<void> {
  const trigger = sql`select 1 from pg_trigger where tgrelid = 'audit'::regclass and tgname = 'audit_no_change'`;
  if ((await trigger.execute(db)).rows.length > 0) return;
  await db.transaction().execute((trx) => sql.raw(KEEP_AUDIT).execute(trx));
}

function withPassword({ url, passwordFile }: PostgresOptions): string {
  if (passwordFile === undefined) return url;
  return Object.assign(new URL(url), { password: readFileSync(passwordFile, "utf8").trim() }).href;
}

/** Texts are compared by their bytes, as SQLite does: a page that was cut at an id goes on behind the same id on either,
 *  and no upgrade of the system's locales spoils an index. */
async function checkDatabase(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ encoding: string; bytewise: boolean }>`
    select current_setting('server_encoding') as encoding, ('B' < 'a' and 'a-b' < 'aa') as bytewise`.execute(db);
  const [found] = rows;
  if (found?.encoding === "UTF8" && found.bytewise) return;
  throw new Error(
    "PostgreSQL: the database has to be in UTF-8 and sort by bytes; create it with: " +
      "create database hotgrid template template0 encoding 'UTF8' locale 'C.UTF-8'",
  );
}
