import { AuditVerification } from "@hotgrid/contracts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
});
afterAll(() => city.close());

const verdict = async () => (await city.loggedIn("supervisor-330602")).read("/audit/verification", AuditVerification);

test("a whole log is said to be whole, with its head; what is changed is found a minute later at the latest", async () => {
  const before = await verdict();
  expect(before).toMatchObject({ problem: null, checkedAt: "2026-11-22T08:00:00+08:00" });
  expect(before.count).toBeGreaterThan(0);
  expect(before.hash).toMatch(/^[0-9a-f]{64}$/);

  // Who has the file is not stopped by the database's own refusal.
  await sql.raw("drop trigger audit_no_update").execute(city.database);
  await city.database.updateTable("audit").set({ account: "nobody" }).where("seq", "=", 1).execute();
  expect((await verdict()).problem).toBeNull();
  city.wall.advanceTo(TEST_NOW + 60_000);
  expect((await verdict()).problem).toMatchObject({ seq: 1, message: { zh: "第 1 条内容被改动" } });
});

test.each(["viewer", "operator", "O-330602001017", "M-330600"])("%s may not ask", async (username) => {
  const browser = await city.loggedIn(username);
  expect((await browser.refusal("GET", "/audit/verification")).status).toBe(403);
});
