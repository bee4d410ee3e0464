import { randomBytes } from "node:crypto";
import type { Account } from "@hotgrid/contracts";
import { ManualClock } from "@hotgrid/runtime";
import type { Kysely } from "kysely";
import { Secret, TOTP } from "otpauth";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AccountStore, accountRow } from "./account-store.ts";
import { SYSTEM } from "./append-audit.ts";
import { AuditStore } from "./audit-store.ts";
import type { Database } from "./database.ts";
import { matchTotp, totpUri } from "./match-totp.ts";
import { hashPassword } from "./password-hash.ts";
import { recoveryCodeHash } from "./recovery-codes.ts";
import { SessionStore } from "./session-store.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";
import { totpKey } from "./totp-key.ts";
import { TotpStore } from "./totp-store.ts";

const wang: Account = { id: "wang", name: "王芳", role: "operator", division: "330600", officerId: null };
const PASSWORD = "correct horse battery";
const KEY = totpKey(randomBytes(32).toString("base64"), "test");
const STEP = 30_000;
const NOW = Date.parse("2026-11-22T00:00:00Z");

/** What the phone shows. */
const shown = (secret: string, at: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: 30 }).generate({ timestamp: at });
const another = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

let hash: string;
let db: Kysely<Database>;
let clock: ManualClock;
let totp: TotpStore;
beforeAll(async () => {
  hash = await hashPassword(PASSWORD);
});
beforeEach(async () => {
  db = await openTestDatabase();
  clock = new ManualClock(NOW);
  totp = new TotpStore(db, clock, KEY);
  const row = { ...accountRow(wang, hash, NOW), disabled_at: null, locked_until: null, provisioned_by: null };
  await db.insertInto("accounts").values(row).execute();
});
afterEach(() => db.destroy());

async function enabled(): Promise<{ secret: string; codes: readonly string[] }> {
  const secret = await totp.begin("wang");
  const codes = await totp.confirm(wang, shown(secret, clock.now()), SYSTEM);
  clock.advanceTo(clock.now() + 2 * STEP);
  return { secret, codes };
}
const check = (code: string) => totp.check(wang, code, "login", null);

describe("a code", () => {
  test("is the one of RFC 6238's appendix B", () => {
    const secret = Secret.fromLatin1("12345678901234567890").base32;
    expect(matchTotp(secret, "287082", 59_000)).toBe(1);
    expect(matchTotp(secret, "081804", 1_111_111_109_000)).toBe(37_037_036);
  });

  test("of the step before or after is taken, since phones' clocks differ; two steps away it is not", async () => {
    const { secret } = await enabled();
    expect(await check(shown(secret, clock.now() - 2 * STEP))).toBe("wrong-code");
    expect(await check(shown(secret, clock.now() - STEP))).toBe("app");
    expect(await check(shown(secret, clock.now() + STEP))).toBe("app");
    expect(await check(shown(secret, clock.now() + 2 * STEP))).toBe("wrong-code");
  });

  test("is good for once, and so are all before it", async () => {
    const { secret } = await enabled();
    const code = shown(secret, clock.now());
    expect(await check(code)).toBe("app");
    expect(await check(code)).toBe("wrong-code");
    expect(await check(shown(secret, clock.now() - STEP))).toBe("wrong-code");
    clock.advanceTo(clock.now() + STEP);
    expect(await check(shown(secret, clock.now()))).toBe("app");
  });

  test("that confirmed the enrolment is used up, too", async () => {
    const secret = await totp.begin("wang");
    const code = shown(secret, NOW);
    await totp.confirm(wang, code, SYSTEM);
    expect(await check(code)).toBe("wrong-code");
  });

  test("sent by two at once lets one in", async () => {
    const { secret } = await enabled();
    const code = shown(secret, clock.now());
    expect((await Promise.all([check(code), check(code)])).toSorted()).toEqual(["app", "wrong-code"]);
  });

  test.each(["", "12345", "1234567", "abcdef", "１２３４５６", "' or 1=1"])("%j is none", async (code) => {
    await enabled();
    expect(await check(code)).toBe("wrong-code");
  });
});

describe("guessing", () => {
  test("five wrong codes close the second factor for a minute, also to the right one", async () => {
    const { secret } = await enabled();
    const wrong = another(shown(secret, clock.now()));
    for (let i = 0; i < 5; i++) expect(await check(wrong)).toBe("wrong-code");
    expect(await check(shown(secret, clock.now()))).toBe("locked");
    clock.advanceTo(clock.now() + 60_000);
    expect(await check(shown(secret, clock.now()))).toBe("app");
  });

  test("a right password in between opens nothing", async () => {
    const { secret } = await enabled();
    const accounts = new AccountStore(db, clock);
    const wrong = another(shown(secret, clock.now()));
    for (let i = 0; i < 5; i++) {
      await check(wrong);
      expect(await accounts.verify("wang", PASSWORD)).toMatchObject({ outcome: "ok", stage: "second-factor" });
    }
    expect(await check(shown(secret, clock.now()))).toBe("locked");
  });
});

describe("recovery codes", () => {
  test("are ten, each good for once, however they are typed", async () => {
    const { codes } = await enabled();
    expect(new Set(codes).size).toBe(10);
    expect(codes[0]).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    const typed = ` ${(codes[0] ?? "").toLowerCase().replaceAll("-", " ")}`;
    expect(await check(typed)).toBe("recovery-code");
    expect(await check(codes[0] ?? "")).toBe("wrong-code");
    expect((await totp.status("wang")).recoveryCodesLeft).toBe(9);
  });

  test("a letter that looks like a digit is that digit", () => {
    expect(recoveryCodeHash("OIL0-1111")).toBe(recoveryCodeHash("0110 1111"));
  });

  test("are nowhere in the database, nor in the audit log", async () => {
    const { codes, secret } = await enabled();
    const stored = JSON.stringify([
      await db.selectFrom("account_recovery_codes").selectAll().execute(),
      await db.selectFrom("audit").selectAll().execute(),
    ]);
    for (const kept of [...codes, ...codes.map((code) => code.replaceAll("-", "")), secret])
      expect(stored).not.toContain(kept);
  });
});

describe("enrolment", () => {
  test("is worth nothing until a code of the app has confirmed it", async () => {
    const secret = await totp.begin("wang");
    expect(await check(shown(secret, NOW))).toBe("not-enabled");
    expect(await new AccountStore(db, clock).verify("wang", PASSWORD)).toMatchObject({ stage: "full" });
    await expect(totp.confirm(wang, another(shown(secret, NOW)), SYSTEM)).rejects.toMatchObject({
      reason: "wrong-code",
    });
    await totp.confirm(wang, shown(secret, NOW), SYSTEM);
    expect(await totp.status("wang")).toEqual({ enabledAt: NOW, recoveryCodesLeft: 10 });
  });

  test("begun twice, only the second secret counts; once enabled, none can be put in its place", async () => {
    const first = await totp.begin("wang");
    const second = await totp.begin("wang");
    await expect(totp.confirm(wang, shown(first, NOW), SYSTEM)).rejects.toMatchObject({ reason: "wrong-code" });
    await totp.confirm(wang, shown(second, NOW), SYSTEM);
    await expect(totp.begin("wang")).rejects.toMatchObject({ reason: "totp-enabled" });
    await expect(totp.confirm(wang, shown(second, NOW), SYSTEM)).rejects.toMatchObject({ reason: "totp-enabled" });
  });

  test("confirmed without a beginning says so", async () => {
    await expect(totp.confirm(wang, "123456", SYSTEM)).rejects.toMatchObject({ reason: "no-enrolment" });
  });

  test("the address for the app names the city and the account", () => {
    const uri = totpUri("热点网格 绍兴市", "wang", "JBSWY3DPEHPK3PXP");
    expect(decodeURIComponent(uri)).toMatch(
      /^otpauth:\/\/totp\/热点网格 绍兴市:wang\?issuer=.*&secret=JBSWY3DPEHPK3PXP/,
    );
  });
});

test("a role that needs a second factor and has none gets to its enrolment, others are let in", async () => {
  const strict = new AccountStore(db, clock, ["operator"]);
  expect(await strict.verify("wang", PASSWORD)).toMatchObject({ stage: "enrolment" });
  const others = new AccountStore(db, clock, ["administrator"]);
  expect(await others.verify("wang", PASSWORD)).toMatchObject({ stage: "full" });
});

test("when a role needs a second factor from now on, its sessions without one end", async () => {
  const sessions = new SessionStore(db, clock);
  const { token } = await sessions.create("wang");
  await sessions.revokeWithoutTotp(["administrator"]);
  expect(await sessions.find(token)).toBeDefined();
  await sessions.revokeWithoutTotp(["operator"]);
  expect(await sessions.find(token)).toBeUndefined();
  await enabled();
  const kept = await sessions.create("wang");
  await sessions.revokeWithoutTotp(["operator"]);
  expect(await sessions.find(kept.token)).toBeDefined();
});

test("taking it away ends the sessions and the recovery codes, and the audit log tells all of it in order", async () => {
  const { secret } = await enabled();
  const sessions = new SessionStore(db, clock);
  const { token } = await sessions.create("wang");
  await check("000000");
  await check(shown(secret, clock.now()));
  await totp.remove(wang, { account: "cli:root", address: null }, "totp-reset");
  expect(await sessions.find(token)).toBeUndefined();
  expect(await db.selectFrom("account_recovery_codes").selectAll().execute()).toEqual([]);
  await expect(totp.remove(wang, SYSTEM, "totp-reset")).rejects.toMatchObject({ reason: "not-enabled" });
  const { items } = await new AuditStore(db).list({ division: "330600", limit: 10 });
  expect(items.map(({ action, account }) => [action, account])).toEqual([
    ["totp-reset", "cli:root"],
    ["login", "wang"],
    ["wrong-code", "wang"],
    ["totp-enabled", "system"],
  ]);
});

test("an unfinished login ends after ten minutes", async () => {
  const sessions = new SessionStore(db, clock);
  const { token } = await sessions.create("wang", { stage: "second-factor" });
  clock.advanceTo(NOW + 599_000);
  expect(await sessions.find(token)).toMatchObject({ stage: "second-factor" });
  clock.advanceTo(NOW + 600_000);
  expect(await sessions.find(token)).toBeUndefined();
});
