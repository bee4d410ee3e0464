import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Kysely } from "kysely";
import { afterAll, inject } from "vitest";
import { type Database, openDatabase } from "../database.ts";
import { openPostgresDatabase } from "../postgres/open-postgres-database.ts";
import { createDatabase, databaseUrl, dropDatabase, emptyDatabase } from "./postgres-databases.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Of the PostgreSQL server's maintenance database, where this run is on PostgreSQL and it is installed. */
    postgresUrl: string | undefined;
  }
}

/** A database on the test server. To copy the template takes a second, to empty a used one a few milliseconds. */
interface Slot {
  readonly name: string;
  /** The file that it stands for. */
  file: string;
  /** Connections of this test file. */
  open: number;
}

const IN_MEMORY = ":memory:";
const slots: Slot[] = [];

/** An empty database with the schema of today, on the kind of database that this run tests: the project "PostgreSQL" of
 *  the test configuration, or else SQLite. The same `file` again is the same database, for as long as its folder is. */
export async function openTestDatabase(file = IN_MEMORY): Promise<Kysely<Database>> {
  const url = inject("postgresUrl");
  if (url === undefined) return openDatabase(file);
  const slot = slots.find((one) => one.file === file && file !== IN_MEMORY) ?? (await freeSlot(url, file));
  slot.open += 1;
  const db = await openPostgresDatabase({ url: databaseUrl(url, slot.name) });
  const destroy = db.destroy.bind(db);
  db.destroy = async () => {
    await destroy();
    slot.open -= 1;
  };
  return db;
}

async function freeSlot(url: string, file: string): Promise<Slot> {
  const used = slots.find((one) => one.open === 0 && (one.file === IN_MEMORY || !existsSync(dirname(one.file))));
  if (used !== undefined) {
    used.file = file;
    await emptyDatabase(databaseUrl(url, used.name));
    return used;
  }
  const slot = { name: `test_${randomUUID().replaceAll("-", "")}`, file, open: 0 };
  slots.push(slot);
  await createDatabase(url, slot.name);
  return slot;
}

afterAll(async () => {
  const url = inject("postgresUrl");
  if (url !== undefined) for (const { name } of slots.splice(0)) await dropDatabase(url, name);
});
