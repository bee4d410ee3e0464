import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock, Unavailable } from "@hotgrid/runtime";
import { AccountStore, type Database, openPostgresDatabase } from "@hotgrid/store";
import { createDatabase, databaseUrl } from "@hotgrid/store/testing";
import { type Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  hasPostgres,
  POSTGRES_PASSWORD,
  type PostgresServer,
  startPostgres,
} from "../harness/servers/postgres-server.ts";

describe.skipIf(!hasPostgres())("PostgreSQL (skipped where it is not installed)", () => {
  let folder: string;
  let postgres: PostgresServer;
  let url: string;
  let here: Kysely<Database>;
  /** What another process would open. */
  let there: Kysely<Database>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hotgrid-postgres-"));
    postgres = await startPostgres();
    url = postgres.url("hotgrid");
    await createDatabase(postgres.url("postgres"), "hotgrid", "template0");
    [here, there] = await Promise.all([openPostgresDatabase({ url }), openPostgresDatabase({ url })]);
  });
  afterAll(async () => {
    await here.destroy();
    await there.destroy();
    await postgres.end();
    rmSync(folder, { recursive: true });
  });

  const value = async (key: string) =>
    (await here.selectFrom("meta").select("value").where("key", "=", key).executeTakeFirst())?.value;

  test("the migrations of processes that start together on an empty database don't meet", async () => {
    const empty = databaseUrl(url, "empty");
    await createDatabase(postgres.url("postgres"), "empty", "template0");
    const opened = await Promise.all(Array.from({ length: 5 }, () => openPostgresDatabase({ url: empty })));
    for (const db of opened) {
      expect(await db.selectFrom("audit_head").select("count").execute()).toEqual([{ count: 0 }]);
      await db.destroy();
    }
  });

  test("of transactions that read and then write, none overwrites what another has written", async () => {
    await here.insertInto("meta").values({ key: "sum", value: "0" }).execute();
    const add = (db: Kysely<Database>) =>
      db.transaction().execute(async (trx) => {
        const row = await trx.selectFrom("meta").select("value").where("key", "=", "sum").executeTakeFirstOrThrow();
        const next = String(Number(row.value) + 1);
        await trx.updateTable("meta").set({ value: next }).where("key", "=", "sum").execute();
      });
    await Promise.all(Array.from({ length: 24 }, (_, i) => add(i % 2 === 0 ? here : there)));
    expect(await value("sum")).toBe("24");
  });

  test("of transactions that look for a row and make it where there is none, one makes it and the others find it", async () => {
    const claim = (db: Kysely<Database>, by: string) =>
      db.transaction().execute(async (trx) => {
        const row = await trx.selectFrom("meta").select("value").where("key", "=", "claim").executeTakeFirst();
        if (row) return row.value;
        await trx.insertInto("meta").values({ key: "claim", value: by }).execute();
        return by;
      });
    const owners = await Promise.all(Array.from({ length: 8 }, (_, i) => claim(i % 2 === 0 ? here : there, `${i}`)));
    expect(new Set(owners)).toEqual(new Set([await value("claim")]));
  });

  test("guesses sent at once, through two consoles, are all counted", async () => {
    const [accounts, others] = [here, there].map((db) => new AccountStore(db, new ManualClock(1_000_000)));
    await accounts?.create(
      { id: "wang", name: "", role: "viewer", division: "330600", officerId: null },
      "correct horse",
    );
    await Promise.all([accounts, others, accounts, others].map((store) => store?.verify("wang", "wrong horse")));
    const row = here.selectFrom("accounts").select("failed_logins").where("id", "=", "wang");
    expect(await row.executeTakeFirst()).toEqual({ failed_logins: 4 });
  });

  test("what a transaction refuses is refused once, and nothing of it stays", async () => {
    let runs = 0;
    const refused = here.transaction().execute(async (trx) => {
      runs += 1;
      await trx.insertInto("meta").values({ key: "refused", value: "" }).execute();
      throw new Error("changed my mind");
    });
    await expect(refused).rejects.toThrow("changed my mind");
    expect(runs).toBe(1);
    expect(await value("refused")).toBeUndefined();
  });

  test("a key that is taken stays an error, foreign keys hold", async () => {
    const twice = here.transaction().execute(async (trx) => {
      for (const value of ["1", "2"]) await trx.insertInto("meta").values({ key: "twice", value }).execute();
    });
    await expect(twice).rejects.toThrow("duplicate key");
    const orphan = { officer_id: "nobody", division: "330602", role: "primary", term_from: 0, term_to: null } as const;
    await expect(here.insertInto("assignments").values(orphan).execute()).rejects.toThrow("foreign key");
  });

  test("queries of one transaction may be asked at once", async () => {
    const both = await here
      .transaction()
      .execute((trx) =>
        Promise.all(
          ["a", "b"].map((key) => trx.insertInto("meta").values({ key, value: key }).returning("key").execute()),
        ),
      );
    expect(both).toEqual([[{ key: "a" }], [{ key: "b" }]]);
  });

  test("the audit log is not changed, removed or emptied", async () => {
    for (const statement of ["update audit set account = 'x'", "delete from audit", "truncate audit"]) {
      await expect(sql.raw(statement).execute(here)).rejects.toThrow("append-only");
    }
  });

  test("times and counts are numbers, and a NUL in a text is shown as what can't be shown", async () => {
    await here
      .insertInto("station_unknown_properties")
      .values({ station_id: "s", property: "a\0b", at: 1e12 + 7 })
      .execute();
    const rows = await here.selectFrom("station_unknown_properties").selectAll().execute();
    expect(rows).toEqual([{ station_id: "s", property: "a\uFFFDb", at: 1e12 + 7 }]);
    const { count } = await here
      .selectFrom("station_unknown_properties")
      .select((e) => [e.fn.countAll<number>().as("count"), e.fn.sum<number>("at").as("sum")])
      .executeTakeFirstOrThrow();
    expect(count).toBe(1);
  });

  test("a database that does not sort by bytes or is not in UTF-8 is not opened, with the remedy", async () => {
    const admin = { url: postgres.url("postgres") };
    await createDatabase(admin.url, "ascii", "template0 encoding 'SQL_ASCII' locale 'C'");
    await expect(openPostgresDatabase({ url: databaseUrl(url, "ascii") })).rejects.toThrow("create database hotgrid");
  });

  test("the password comes from a file, and a wrong one is no reason to wait", async () => {
    const passwordFile = join(folder, "given-password");
    const bare = url.replace(`:${POSTGRES_PASSWORD}@`, "@");
    writeFileSync(passwordFile, `${POSTGRES_PASSWORD}\n`);
    await (await openPostgresDatabase({ url: bare, passwordFile })).destroy();
    writeFileSync(passwordFile, "another");
    const refused = openPostgresDatabase({ url: bare, passwordFile });
    await expect(refused).rejects.toThrow("password authentication failed");
    await expect(refused).rejects.not.toBeInstanceOf(Unavailable);
  });

  test("a server that fails within itself when somebody comes in is unavailable, and serves on when it is mended", async () => {
    const torn = databaseUrl(url, "torn");
    await createDatabase(postgres.url("postgres"), "torn", "template0");
    await (await openPostgresDatabase({ url: torn })).destroy();
    const { rows } = await sql<{ oid: number }>`select oid from pg_database where datname = 'torn'`.execute(here);
    // Which file a table is in: without a true one nobody is let in (FATAL, XX000).
    const file = join(postgres.data, "base", `${rows[0]?.oid}`, "pg_filenode.map");
    const whole = readFileSync(file);
    writeFileSync(file, Buffer.alloc(whole.length));
    await expect(openPostgresDatabase({ url: torn })).rejects.toThrow(Unavailable);
    await expect(openPostgresDatabase({ url: torn })).rejects.toThrow("the server failed within itself");
    writeFileSync(file, whole);
    await (await openPostgresDatabase({ url: torn })).destroy();
  });

  test("a server that is killed is unavailable, and then serves on with every commit", async () => {
    await here.insertInto("meta").values({ key: "before", value: "committed" }).execute();
    const broken = here.transaction().execute(async (trx) => {
      await trx.insertInto("meta").values({ key: "during", value: "lost" }).execute();
      await postgres.process.end("SIGKILL");
      await trx.insertInto("meta").values({ key: "after", value: "lost" }).execute();
    });
    await expect(broken).rejects.toBeInstanceOf(Unavailable);
    await expect(there.selectFrom("meta").selectAll().execute()).rejects.toBeInstanceOf(Unavailable);
    await expect(openPostgresDatabase({ url })).rejects.toBeInstanceOf(Unavailable);
    await postgres.process.start();
    expect(await value("before")).toBe("committed");
    expect(await value("during")).toBeUndefined();
    await there.insertInto("meta").values({ key: "after", value: "again" }).execute();
    expect(await value("after")).toBe("again");
  });
});
