import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@hotgrid/runtime";
import type { Kysely } from "kysely";
import { Secret, TOTP } from "otpauth";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accountRow } from "./account-store.ts";
import { SYSTEM } from "./append-audit.ts";
import { AuditStore } from "./audit-store.ts";
import type { Database } from "./database.ts";
import { SessionStore } from "./session-store.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";
import { forgetTotpKey, sealPlainTotp } from "./totp-keeping.ts";
import { openTotpKey, sealTotp, totpKey, unsealTotp } from "./totp-key.ts";
import { TotpStore } from "./totp-store.ts";

const NOW = Date.parse("2026-11-22T00:00:00Z");
const clock = new ManualClock(NOW);
const people = ["wang", "li"].map(
  (id) => ({ id, name: id, role: "operator", division: "330600", officerId: null }) as const,
);
const [wang] = people;
/** What the phone shows. */
const shown = (secret: string, at = NOW): string => TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: at });

let db: Kysely<Database>;
let folder: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-totp-"));
  file = join(folder, "totp.key");
  db = await openTestDatabase();
  const rows = people.map((one) => ({
    ...accountRow(one, "no password", NOW),
    ...{ disabled_at: null, locked_until: null, provisioned_by: null },
  }));
  await db.insertInto("accounts").values(rows).execute();
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

const open = (make = true) => openTotpKey(db, { file, make });
const storedSecret = async (id: string) =>
  (await db.selectFrom("account_totp").select("secret").where("account_id", "=", id).executeTakeFirstOrThrow()).secret;

describe("the key", () => {
  test("is made once, for its owner only, and is the same at the next start", async () => {
    const first = await open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    expect(await open()).toEqual(first);
    expect(first.id).not.toContain(Buffer.from(first.bytes).toString("hex").slice(0, 8));
  });

  test("that is lost is never replaced by a new one in silence, nor taken from another database", async () => {
    await open();
    const kept = readFileSync(file, "utf8");
    rmSync(file);
    await expect(open()).rejects.toMatchObject({ reason: "totp-key-lost", message: expect.stringContaining(file) });
    writeFileSync(file, Buffer.alloc(32, 1).toString("base64"));
    await expect(open()).rejects.toMatchObject({ reason: "totp-key-lost" });
    writeFileSync(file, kept);
    await open();
  });

  test("of two consoles that start at once, each with a directory of its own, one's is the key, and the other says so", async () => {
    const outcomes = await Promise.allSettled([
      openTotpKey(db, { file: join(folder, "a"), make: true }),
      openTotpKey(db, { file: join(folder, "b"), make: true }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test.each([
    ["missing where it was named", undefined, "missing-secret"],
    ["empty", "", "missing-secret"],
    ["too short", Buffer.alloc(31).toString("base64"), "totp-key-form"],
    ["no base64", "correct horse battery staple", "totp-key-form"],
  ])("%s stops the start and is never told", async (_what, text, reason) => {
    if (text !== undefined) writeFileSync(file, text);
    const error: unknown = await open(false).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ reason });
    if (text) expect(String(error)).not.toContain(text);
  });
});

describe("a sealed secret", () => {
  const key = totpKey(Buffer.alloc(32, 7).toString("base64"), "test");
  const sealed = sealTotp(key, "wang", "JBSWY3DPEHPK3PXP");

  test("comes back for its own account only, and never looks the same twice", () => {
    expect(unsealTotp(key, "wang", sealed)).toBe("JBSWY3DPEHPK3PXP");
    expect(sealTotp(key, "wang", "JBSWY3DPEHPK3PXP")).not.toBe(sealed);
    expect(sealed).not.toContain("JBSW");
  });

  const flip = (at: number) => {
    const [version, id, text = ""] = sealed.split(".");
    const bytes = Buffer.from(text, "base64url");
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return `${version}.${id}.${bytes.toString("base64url")}`;
  };
  test.each([
    ["put into another account's row", "li", sealed],
    ["with a bit of its nonce changed", "wang", flip(0)],
    ["with a bit of its text changed", "wang", flip(12)],
    ["with a bit of its tag changed", "wang", flip(30)],
    ["cut short", "wang", sealed.slice(0, 40)],
    ["cut down to nothing", "wang", `${sealed.slice(0, 20)}AA`],
    ["that was never sealed", "wang", "JBSWY3DPEHPK3PXP"],
  ])("%s is not read", (_what, account, text) => {
    expect(() => unsealTotp(key, account, text)).toThrow("can't be decrypted");
  });

  test("is not read without its key, nor under another one", () => {
    expect(() => unsealTotp(null, "wang", sealed)).toThrow("can't be decrypted");
    const other = totpKey(Buffer.alloc(32, 8).toString("base64"), "test");
    expect(() => unsealTotp(other, "wang", sealed)).toThrow("can't be decrypted");
  });
});

test("the database never holds a secret as it is; one that an older release left is sealed at the start, and works", async () => {
  const key = await open();
  const totp = new TotpStore(db, clock, key);
  const secret = await totp.begin("wang");
  expect(await storedSecret("wang")).not.toContain(secret);
  const plain = new Secret({ size: 20 }).base32;
  const counters = { confirmed_at: NOW, last_step: 0, failed: 0, locked_until: null };
  await db
    .insertInto("account_totp")
    .values({ account_id: "li", secret: plain, created_at: NOW, ...counters })
    .execute();
  expect(await sealPlainTotp(db, key)).toBe(1);
  expect(await sealPlainTotp(db, key)).toBe(0);
  expect(await storedSecret("li")).not.toContain(plain);
  expect(await totp.check({ id: "li", division: "330600" }, shown(plain), "login", null)).toBe("app");
  await totp.confirm({ id: "wang", division: "330600" }, shown(secret), SYSTEM);
});

describe("without the key", () => {
  test("a code is neither right nor wrong and costs no attempt, nobody can enrol, a recovery code still lets in", async () => {
    const who = { id: "wang", division: "330600" };
    const totp = new TotpStore(db, clock, await open());
    const secret = await totp.begin("wang");
    const [code = ""] = await totp.confirm(who, shown(secret), SYSTEM);
    const keyless = new TotpStore(db, clock, null);
    for (let i = 0; i < 6; i++) {
      const refused = { reason: "totp-unreadable", message: expect.not.stringContaining(secret) };
      await expect(keyless.check(who, shown(secret, NOW + 30_000), "login", null)).rejects.toMatchObject(refused);
    }
    await expect(keyless.begin("li")).rejects.toMatchObject({ reason: "totp-unreadable" });
    expect(await keyless.check(who, code, "login", null)).toBe("recovery-code");
  });

  test("an administrator takes everybody's codes away, which ends their sessions and is in the audit log; then a new key", async () => {
    await expect(forgetTotpKey(db, SYSTEM, NOW)).rejects.toMatchObject({ reason: "no-totp-key" });
    const totp = new TotpStore(db, clock, await open());
    if (wang) await totp.confirm(wang, shown(await totp.begin("wang")), SYSTEM);
    await totp.begin("li");
    const sessions = new SessionStore(db, clock);
    const { token } = await sessions.create("wang");
    const other = await sessions.create("li");
    rmSync(file);
    expect(await forgetTotpKey(db, { account: "cli:root", address: null }, NOW)).toEqual(["wang"]);
    expect([await sessions.find(token), await sessions.find(other.token)]).toEqual([undefined, expect.anything()]);
    const { items } = await new AuditStore(db).list({ division: "330600", subjectId: "wang", limit: 1 });
    expect(items[0]).toMatchObject({ action: "totp-reset", account: "cli:root", details: { lostKey: true } });
    await new TotpStore(db, clock, await open()).begin("wang");
  });
});
