import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { preparedOnce } from "./prepared-statements.ts";

let prepared: string[];
let prepare: (text: string) => { readonly text: string };
beforeEach(() => {
  prepared = [];
  prepare = preparedOnce((text) => {
    prepared.push(text);
    return { text };
  });
});

test("a text is prepared once", () => {
  expect(prepare("select 1")).toBe(prepare("select 1"));
  expect(prepared).toEqual(["select 1"]);
});

test.each(["alter table a add column b", "create index i on a (b)", "PRAGMA foreign_keys = on", "drop table a"])(
  "%s: nothing that was prepared before is used after it",
  (change) => {
    prepare("select * from a");
    prepare(change);
    prepare("select * from a");
    expect(prepared).toEqual(["select * from a", change, "select * from a"]);
  },
);

test("of more than 300 the one that was not used for longest is forgotten", () => {
  prepare("select 0");
  for (let i = 1; i < 300; i++) prepare(`select ${i}`);
  prepare("select 0");
  prepare("select 300");
  prepare("select 0");
  expect(prepared).toHaveLength(301);
  prepare("select 1");
  expect(prepared).toHaveLength(302);
});

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

test("on a database: a query asked again after a change of the schema has the new column", async () => {
  const database = await openDatabase(":memory:");
  close = () => database.destroy();
  const all = () => sql`select * from t`.execute(database).then(({ rows }) => rows);
  await sql`create table t (a integer)`.execute(database);
  await sql`insert into t values (1)`.execute(database);
  expect(await all()).toEqual([{ a: 1 }]);
  await sql`alter table t add column b integer default 2`.execute(database);
  expect(await all()).toEqual([{ a: 1, b: 2 }]);
  await sql`delete from t`.execute(database);
  expect(await all()).toEqual([]);
});
