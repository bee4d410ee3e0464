import { type DeadLetter, DeadLetterView, page } from "@hotgrid/contracts";
import { DeadLetterStore } from "@hotgrid/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";

const Letters = page(DeadLetterView);
const letter = (id: string, at: number, changes: Partial<DeadLetter> = {}): DeadLetter => ({
  id,
  at,
  reason: "not-json",
  message: { zh: "不是 JSON", en: "not JSON" },
  field: "",
  source: { kind: "mqtt", stationId: "HG-330602-001", subject: "v1/stations/HG-330602-001/readings" },
  raw: Buffer.from("{").toString("base64"),
  rawBytes: 1,
  ...changes,
});

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  await new DeadLetterStore(city.database).insert([
    letter("D-1", TEST_NOW - 2000),
    letter("D-2", TEST_NOW - 1000, { reason: "future-time" }),
    letter("D-3", TEST_NOW, { source: { kind: "mqtt", stationId: null, subject: "#" } }),
  ]);
});
afterAll(() => city.close());

test.each([
  ["all, newest first", "", ["D-3", "D-2", "D-1"]],
  ["those of a reason", "?reason=future-time", ["D-2"]],
  ["those of a station", "?station=HG-330602-001", ["D-2", "D-1"]],
  ["those of a time", `?from=${TEST_NOW - 1000}&to=${TEST_NOW}`, ["D-2"]],
])("%s", async (_what, query, ids) => {
  const operator = await city.loggedIn("operator");
  const { items } = await operator.read(`/dead-letters${query}`, Letters);
  expect(items.map(({ id }) => id)).toEqual(ids);
});

test("pages follow each other, with the time by the city's clock", async () => {
  const administrator = await city.loggedIn("administrator");
  const first = await administrator.read("/dead-letters?limit=2", Letters);
  const second = await administrator.read(`/dead-letters?limit=2&cursor=${first.nextCursor}`, Letters);
  expect(second).toMatchObject({ items: [{ id: "D-1", at: "2026-11-22T07:59:58+08:00" }], nextCursor: null });
});

test.each(["viewer", "supervisor-330600", "O-330602001017"])(
  "they are not for %s, who is told for whom",
  async (who) => {
    const browser = await city.loggedIn(who);
    expect(await browser.refusal("GET", "/dead-letters")).toMatchObject({
      status: 403,
      type: "urn:hotgrid:problem:role",
      detail: "Only for: operator, administrator",
    });
  },
);

test.each(["reason=bad-luck", "cursor=forged", "limit=0", "station=%23"])("?%s is refused", async (query) => {
  const operator = await city.loggedIn("operator");
  expect((await operator.refusal("GET", `/dead-letters?${query}`)).status).toBe(422);
});
