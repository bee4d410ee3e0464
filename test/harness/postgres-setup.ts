import { openPostgresDatabase } from "@hotgrid/store";
import type { TestProject } from "vitest/node";
// Not by the front door, which has Vitest's hooks behind it: there is no test yet to hook into.
import { createDatabase, TEMPLATE_DATABASE } from "../../packages/store/src/testing/postgres-databases.ts";
import { hasPostgres, startPostgres } from "./servers/postgres-server.ts";

/** Vitest's global setup: one server for all test files that run on PostgreSQL, with a migrated database to copy. */
export default async function setUpPostgres(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!hasPostgres()) return undefined;
  const postgres = await startPostgres(false);
  const url = postgres.url("postgres");
  await createDatabase(url, TEMPLATE_DATABASE, "template0");
  await (await openPostgresDatabase({ url: postgres.url(TEMPLATE_DATABASE) })).destroy();
  project.provide("postgresUrl", url);
  return () => postgres.end();
}
