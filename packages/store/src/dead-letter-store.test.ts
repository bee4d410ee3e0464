import type { DeadLetter } from "@hotgrid/contracts";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "./database.ts";
import { DeadLetterStore } from "./dead-letter-store.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";

const letter = (id: string, at: number, change: Partial<DeadLetter> = {}): DeadLetter => ({
  id,
  at,
  reason: "not-json",
  message: { zh: "不是 JSON", en: "not JSON" },
  field: "",
  source: { kind: "mqtt", stationId: "HG-1", subject: "v1/stations/HG-1/readings" },
  raw: Buffer.from("{").toString("base64"),
  rawBytes: 1,
  ...change,
});

let db: Kysely<Database>;
let store: DeadLetterStore;
beforeEach(async () => {
  db = await openTestDatabase();
  store = new DeadLetterStore(db);
});
afterEach(() => db.destroy());

test("a letter is kept once, and comes back as it was", async () => {
  expect(await store.insert([letter("a", 1), letter("b", 2)])).toEqual([letter("a", 1), letter("b", 2)]);
  expect(await store.insert([letter("a", 1), letter("c", 3), letter("c", 3)])).toEqual([letter("c", 3)]);
  expect(await store.get("a")).toEqual(letter("a", 1));
  expect(await store.get("z")).toBeUndefined();
});

test("pages go from the newest to the oldest, each letter once, also where many came in the same millisecond", async () => {
  const letters = Array.from({ length: 25 }, (_, i) => letter(`id-${String(i).padStart(2, "0")}`, Math.floor(i / 10)));
  await store.insert(letters);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.list(cursor === null ? { limit: 7 } : { limit: 7, cursor });
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual(letters.map((l) => l.id).toReversed());
});

test("a cursor that we did not give is refused", async () => {
  await expect(store.list({ limit: 1, cursor: "bm9uc2Vuc2U" })).rejects.toMatchObject({ reason: "bad-cursor" });
});

test("filters narrow by reason, station and time, for lists and counts alike", async () => {
  await store.insert([
    letter("a", 10),
    letter("b", 20, { reason: "future-time" }),
    letter("c", 30, { source: { kind: "mqtt", stationId: null, subject: "x" } }),
  ]);
  const ids = async (filter: Parameters<DeadLetterStore["countByReason"]>[0]) =>
    (await store.list({ ...filter, limit: 10 })).items.map((l) => l.id);
  expect(await ids({ reason: "future-time" })).toEqual(["b"]);
  expect(await ids({ stationId: "HG-1" })).toEqual(["b", "a"]);
  expect(await ids({ from: 20, to: 30 })).toEqual(["b"]);
  expect(await store.countByReason()).toEqual({ "not-json": 2, "future-time": 1 });
  expect(await store.countByReason({ from: 20 })).toEqual({ "not-json": 1, "future-time": 1 });
});

test("old letters can be removed", async () => {
  await store.insert([letter("a", 10), letter("b", 20)]);
  await store.removeBefore(20);
  expect((await store.list({ limit: 10 })).items.map((l) => l.id)).toEqual(["b"]);
});
