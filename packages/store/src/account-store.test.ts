import type { Account } from "@hotgrid/contracts";
import { ManualClock } from "@hotgrid/runtime";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AccountStore } from "./account-store.ts";
import type { Database } from "./database.ts";
import { SessionStore } from "./session-store.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";

const wang: Account = { id: "wang", name: "王芳", role: "operator", division: "330600", officerId: null };
const PASSWORD = "correct horse battery";
const MINUTE = 60_000;

let db: Kysely<Database>;
let clock: ManualClock;
let accounts: AccountStore;
beforeEach(async () => {
  db = await openTestDatabase();
  clock = new ManualClock(1_000_000);
  accounts = new AccountStore(db, clock);
});
afterEach(() => db.destroy());

describe("passwords", () => {
  test("the right one lets in, a wrong one and an unknown account do not", async () => {
    await accounts.create(wang, PASSWORD);
    expect(await accounts.verify("wang", PASSWORD)).toEqual({ outcome: "ok", account: wang, stage: "full" });
    expect(await accounts.verify("wang", `${PASSWORD}!`)).toEqual({ outcome: "wrong-password" });
    expect(await accounts.verify("nobody", PASSWORD)).toEqual({ outcome: "unknown-account" });
  });

  test("are nowhere in the database", async () => {
    await accounts.create(wang, PASSWORD);
    const row = await db.selectFrom("accounts").selectAll().executeTakeFirstOrThrow();
    expect(row.password_hash).toMatch(/^\$scrypt\$ln=\d+,r=\d+,p=\d+\$/);
    expect(JSON.stringify(row)).not.toContain(PASSWORD);
  });

  test.each([
    ["too short", "123456789", "password-too-short"],
    ["too long", "x".repeat(201), "password-too-long"],
  ])("%s is refused with its reason", async (_rule, password, reason) => {
    await expect(accounts.create(wang, password)).rejects.toMatchObject({ reason, field: "password" });
  });

  test("the account's own name is refused", async () => {
    const longName = { ...wang, id: "wang-fang-330600" };
    await expect(accounts.create(longName, "Wang-Fang-330600")).rejects.toMatchObject({ reason: "password-is-name" });
  });

  test("a second account of the same name does not replace the first", async () => {
    await accounts.create(wang, PASSWORD);
    await expect(accounts.create(wang, "another password")).rejects.toMatchObject({ reason: "account-exists" });
    expect(await accounts.verify("wang", PASSWORD)).toMatchObject({ outcome: "ok" });
  });
});

describe("guessing", () => {
  test("five wrong passwords close the account for a minute, also to the right one", async () => {
    await accounts.create(wang, PASSWORD);
    for (let i = 0; i < 5; i++) await accounts.verify("wang", "wrong password");
    const until = clock.now() + MINUTE;
    expect(await accounts.verify("wang", PASSWORD)).toEqual({ outcome: "locked", until });
    clock.advanceTo(until);
    expect(await accounts.verify("wang", PASSWORD)).toMatchObject({ outcome: "ok" });
  });

  test("guesses sent at once are all counted", async () => {
    await accounts.create(wang, PASSWORD);
    const verdicts = await Promise.all(Array.from({ length: 8 }, () => accounts.verify("wang", "wrong password")));
    expect(verdicts.filter((v) => v.outcome === "wrong-password")).toHaveLength(5);
    expect(verdicts.filter((v) => v.outcome === "locked")).toHaveLength(3);
  });

  test("the right password forgives what was mistyped", async () => {
    await accounts.create(wang, PASSWORD);
    for (let i = 0; i < 4; i++) await accounts.verify("wang", "wrong password");
    expect(await accounts.verify("wang", PASSWORD)).toMatchObject({ outcome: "ok" });
    for (let i = 0; i < 4; i++) await accounts.verify("wang", "wrong password");
    expect(await accounts.verify("wang", PASSWORD)).toMatchObject({ outcome: "ok" });
  });
});

describe("sessions", () => {
  test("a token is its account's login until it is revoked; the database does not know it", async () => {
    await accounts.create(wang, PASSWORD);
    const sessions = new SessionStore(db, clock);
    const { token } = await sessions.create("wang");
    expect(await sessions.find(token)).toMatchObject({ account: wang });
    expect(JSON.stringify(await db.selectFrom("sessions").selectAll().execute())).not.toContain(token);
    await sessions.revoke(token);
    expect(await sessions.find(token)).toBeUndefined();
  });

  test("what is no token is no session", async () => {
    const sessions = new SessionStore(db, clock);
    expect(await sessions.find("")).toBeUndefined();
    expect(await sessions.find("x".repeat(43))).toBeUndefined();
    expect(await sessions.find("x".repeat(100_000))).toBeUndefined();
  });

  test("a session that is used lives to its end, one that is not ends earlier", async () => {
    await accounts.create(wang, PASSWORD);
    const sessions = new SessionStore(db, clock, { lifetimeMs: 60 * MINUTE, idleMs: 10 * MINUTE });
    const used = (await sessions.create("wang")).token;
    const idle = (await sessions.create("wang")).token;
    for (let minute = 0; minute < 59; minute += 5) {
      clock.advanceTo(1_000_000 + minute * MINUTE);
      expect(await sessions.find(used)).toBeDefined();
    }
    expect(await sessions.find(idle)).toBeUndefined();
    clock.advanceTo(1_000_000 + 60 * MINUTE);
    expect(await sessions.find(used)).toBeUndefined();
    await sessions.sweep();
    expect(await db.selectFrom("sessions").selectAll().execute()).toEqual([]);
  });

  test.each([
    ["a new password", (a: AccountStore) => a.setPassword("wang", "a new password")],
    ["disabling the account", (a: AccountStore) => a.disable("wang")],
  ])("%s ends every session", async (_rule, change) => {
    await accounts.create(wang, PASSWORD);
    const sessions = new SessionStore(db, clock);
    const { token } = await sessions.create("wang");
    await change(accounts);
    expect(await sessions.find(token)).toBeUndefined();
  });

  test("a disabled account does not log in until it is enabled", async () => {
    await accounts.create(wang, PASSWORD);
    await accounts.disable("wang");
    expect(await accounts.verify("wang", PASSWORD)).toEqual({ outcome: "disabled" });
    expect(await accounts.find("wang")).toEqual({ ...wang, disabled: true });
    await accounts.enable("wang");
    expect(await accounts.verify("wang", PASSWORD)).toMatchObject({ outcome: "ok" });
  });

  test("changing an account that does not exist says so", async () => {
    await expect(accounts.disable("nobody")).rejects.toMatchObject({ reason: "unknown-account" });
  });
});
