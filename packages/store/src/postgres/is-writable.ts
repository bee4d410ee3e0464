import { type Kysely, sql } from "kysely";
import type { Database } from "../database.ts";
import { RetryingDatabase } from "./retrying-database.ts";

/** Whether the tables can be written to; throws where the database does not answer. A standby of PostgreSQL, and one that
 *  is about to be stopped, answer every question and take nothing. Costs next to nothing: for probes. */
export async function isWritable(db: Kysely<Database>): Promise<boolean> {
  if (!(db instanceof RetryingDatabase)) {
    await sql`select 1`.execute(db);
    return true;
  }
  const { rows } = await sql<{ setting: string }>`
    select current_setting('transaction_read_only') as setting`.execute(db);
  return rows[0]?.setting === "off";
}
