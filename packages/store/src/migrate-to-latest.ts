import { type Kysely, Migrator } from "kysely";
import { migrations } from "./migrations/index.ts";

/** Brings the schema up to date, whole or not at all. Processes that start together wait for each other. */
export async function migrateToLatest<Tables>(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
