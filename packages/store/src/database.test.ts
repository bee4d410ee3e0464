import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "./database.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-database-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a database survives being opened again, by a second process too", async () => {
  const file = join(folder, "hotgrid.db");
  const first = await openDatabase(file);
  await first.insertInto("meta").values({ key: "a", value: "1" }).execute();
  const second = await openDatabase(file);
  expect(await second.selectFrom("meta").selectAll().execute()).toEqual([{ key: "a", value: "1" }]);
  await second.destroy();
  await first.destroy();
});

test("a commit is on the disk before it is answered, and foreign keys hold", async () => {
  const db = await openDatabase(join(folder, "hotgrid.db"));
  const pragma = async (name: string) => (await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(db)).rows[0];
  expect(await pragma("journal_mode")).toEqual({ journal_mode: "wal" });
  expect(await pragma("synchronous")).toEqual({ synchronous: 2 });
  const orphan = { officer_id: "nobody", division: "330602", role: "primary", term_from: 0, term_to: null } as const;
  await expect(db.insertInto("assignments").values(orphan).execute()).rejects.toThrow("FOREIGN KEY");
  await db.destroy();
});

test("transactions that run at the same time don't mix, and a failed one leaves nothing", async () => {
  const db = await openDatabase(join(folder, "hotgrid.db"));
  const transfer = (key: string, fail: boolean) =>
    db.transaction().execute(async (trx) => {
      await trx.insertInto("meta").values({ key, value: "begun" }).execute();
      await new Promise((resolve) => setImmediate(resolve));
      if (fail) throw new Error("changed my mind");
      await trx.updateTable("meta").set({ value: "done" }).where("key", "=", key).execute();
    });
  const outcomes = await Promise.allSettled([transfer("a", false), transfer("b", true), transfer("c", false)]);
  expect(outcomes.map((o) => o.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const rows = await db.selectFrom("meta").selectAll().orderBy("key").execute();
  expect(rows).toEqual([
    { key: "a", value: "done" },
    { key: "c", value: "done" },
  ]);
  await db.destroy();
});

test("what PostgreSQL would not take is refused here too", async () => {
  const db = await openDatabase(":memory:");
  const boolean = sql`insert into meta (key, value) values ('a', ${true})`;
  await expect(boolean.execute(db)).rejects.toThrow("not portable");
  await db.destroy();
});
