import { AlarmFloodView } from "@hotgrid/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import { putTicket } from "../testing-records.ts";

const MINUTE_MS = 60_000;
let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
});
afterAll(() => city.close());

const flood = async (username: string) => (await city.loggedIn(username)).read("/alarm-flood", AlarmFloodView);
const open = (id: string, openedAt: number, division = "330602001017") =>
  putTicket(city.database, { id, openedAt, division });

test("more than ten new tickets in ten minutes are a flood for whoever sees them, and for nobody else", async () => {
  await open("T-old", TEST_NOW - 10 * MINUTE_MS - 1);
  for (let n = 0; n < 10; n++) await open(`T-${n}`, TEST_NOW - n * MINUTE_MS);
  expect(await flood("operator")).toEqual({
    ...{ flood: false, opened: 10, threshold: 10, windowMinutes: 10 },
    since: "2026-11-22T07:50:00+08:00",
  });
  await open("T-10", TEST_NOW - 10 * MINUTE_MS);
  expect(await flood("operator")).toMatchObject({ flood: true, opened: 11 });
  expect(await flood("supervisor-330602")).toMatchObject({ flood: true, opened: 11 });
  expect(await flood("supervisor-330603")).toMatchObject({ flood: false, opened: 0 });
});

test("who is not logged in is not told", async () => {
  expect((await city.browser().refusal("GET", "/alarm-flood")).status).toBe(401);
});
