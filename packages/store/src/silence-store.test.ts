import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AuditStore } from "./audit-store.ts";
import type { Database } from "./database.ts";
import { type Silence, SilenceStore } from "./silence-store.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";

const NOW = Date.parse("2026-11-22T10:00:00+08:00");
const HOUR = 3_600_000;
const ACTOR = { account: "operator", address: "10.0.0.1" };
const silence = (changes: Partial<Silence> = {}): Silence => ({
  ...{ id: "s1", division: "330602", kind: null, stationId: null, startsAt: NOW, endsAt: NOW + HOUR },
  ...{ author: "值班员", reason: "演练" },
  ...changes,
});

let folder: string;
let database: Kysely<Database>;
let store: SilenceStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-silences-"));
  database = await openTestDatabase(join(folder, "hotgrid.db"));
  store = new SilenceStore(database);
});
afterEach(async () => {
  await database.destroy();
  rmSync(folder, { recursive: true });
});

test("a silence is what was said, and is over at its end", async () => {
  await store.add(silence({ kind: "local", stationId: "S1" }), NOW, ACTOR);
  expect(await store.open(NOW + HOUR - 1)).toEqual([silence({ kind: "local", stationId: "S1" })]);
  expect(await store.open(NOW + HOUR)).toEqual([]);
});

test("it can be ended early, once", async () => {
  await store.add(silence(), NOW, ACTOR);
  expect(await store.end("s1", NOW + 1, ACTOR)).toBe(true);
  expect([await store.end("s1", NOW + 2, ACTOR), await store.end("s2", NOW, ACTOR)]).toEqual([false, false]);
  expect(await store.open(NOW + 1)).toEqual([]);
});

test.each<[string, Partial<Silence>]>([
  ["without an end ahead", { endsAt: NOW }],
  ["that ends before it begins", { startsAt: NOW + 2 * HOUR }],
  ["of more than 30 days", { endsAt: NOW + 31 * 24 * HOUR }],
  ["whose end is no time", { endsAt: Number.NaN }],
  ["of nobody", { author: " " }],
  ["without a reason", { reason: "" }],
])("a silence %s is refused", async (_rule, changes) => {
  await expect(store.add(silence(changes), NOW, ACTOR)).rejects.toMatchObject({ reason: "bad-silence" });
  expect(await store.open(0)).toEqual([]);
});

test("who set it and who ended it is in the audit log, with the address", async () => {
  await store.add(silence(), NOW, ACTOR);
  await store.end("s1", NOW + 1, { ...ACTOR, account: "administrator" });
  const audit = new AuditStore(database);
  const { items } = await audit.list({ division: "330602", subject: "silence", limit: 10 });
  expect(items.map(({ action, account, address }) => [action, account, address])).toEqual([
    ["end", "administrator", "10.0.0.1"],
    ["add", "operator", "10.0.0.1"],
  ]);
  expect((await audit.verify()).problem).toBeNull();
});
