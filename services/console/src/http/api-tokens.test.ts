import { SessionView } from "@hotgrid/contracts";
import { AccountStore, AuditStore, SYSTEM, type TokenScope, TokenStore } from "@hotgrid/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, type TestConsole } from "../testing.ts";
import { putTicket } from "../testing-records.ts";

const DAY_MS = 86_400_000;
const KEQIAO = "330603001048";

let city: TestConsole;
let tokens: TokenStore;
beforeAll(async () => {
  city = await startTestConsole();
  tokens = new TokenStore(city.database, city.wall);
  await putTicket(city.database, { id: "T-1", division: KEQIAO, officerId: `O-${KEQIAO}` });
});
afterAll(() => city.close());

const made = (accountId: string, scope: TokenScope, days = 30) =>
  tokens.add({ accountId, name: "test", scope, days }, SYSTEM);
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test("a token acts as its account", async () => {
  const { token } = await made("viewer", "read");
  const session = await city.browser().read("/session", SessionView, bearer(token).headers);
  expect(session.account.id).toBe("viewer");
});

test("a token sees no more than its account", async () => {
  const { token } = await made("supervisor-330602", "write");
  expect(await city.browser().refusal("GET", "/tickets/T-1", bearer(token))).toMatchObject({ status: 404 });
  expect(await city.browser().refusal("GET", "/dead-letters", bearer(token))).toMatchObject({ status: 403 });
});

test("one for reading changes nothing, one for writing does", async () => {
  const change = (token: string) => ({ ...bearer(token), body: { speed: 0 } });
  const reading = await made("operator", "read");
  const refused = await city.browser().refusal("PUT", "/demo/clock", change(reading.token));
  expect(refused).toMatchObject({ status: 403, type: "urn:hotgrid:problem:token-scope" });
  const writing = await made("operator", "write");
  expect((await city.browser().fetch("PUT", "/demo/clock", change(writing.token))).status).toBe(200);
});

test("neither the stream nor a logout belongs to a token", async () => {
  const { token } = await made("operator", "write");
  for (const [method, path] of [
    ["GET", "/stream"],
    ["DELETE", "/session"],
  ] as const)
    expect(await city.browser().refusal(method, path, bearer(token))).toMatchObject({ status: 403 });
});

describe("is refused", () => {
  test.each([
    ["forged", `Bearer hgt_${"A".repeat(43)}`],
    ["empty", "Bearer "],
    ["under another scheme", "Basic b3BlcmF0b3I6eA=="],
    ["huge", `Bearer ${"x".repeat(5000)}`],
  ])("a token that is %s, even beside a good cookie", async (_what, authorization) => {
    const browser = await city.loggedIn("operator");
    expect(await browser.refusal("GET", "/session", { headers: { authorization } })).toMatchObject({ status: 401 });
  });

  test("a session's token as a bearer, and a bearer's as a cookie", async () => {
    const browser = await city.loggedIn("operator");
    const session = browser.cookie.split("=")[1] ?? "";
    expect(await city.browser().refusal("GET", "/session", bearer(session))).toMatchObject({ status: 401 });
    browser.cookie = `hotgrid-session=${(await made("operator", "write")).token}`;
    expect(await browser.refusal("GET", "/session")).toMatchObject({ status: 401 });
  });

  test("a revoked one, at once", async () => {
    const { id, token } = await made("viewer", "read");
    await tokens.revoke(id, SYSTEM);
    expect(await city.browser().refusal("GET", "/session", bearer(token))).toMatchObject({ status: 401 });
    await expect(tokens.revoke(id, SYSTEM)).rejects.toMatchObject({ reason: "unknown-token" });
  });

  test("one whose account was disabled", async () => {
    const { token } = await made("supervisor-330604", "read");
    await new AccountStore(city.database, city.wall).disable("supervisor-330604");
    expect(await city.browser().refusal("GET", "/session", bearer(token))).toMatchObject({ status: 401 });
  });

  test("an expired one", async () => {
    const { token } = await made("viewer", "read", 1);
    city.wall.advanceTo(city.wall.now() + DAY_MS);
    expect(await city.browser().refusal("GET", "/session", bearer(token))).toMatchObject({ status: 401 });
  });

  test.each([0, -1, 1.5, 367, Number.NaN])("a life of %d days", async (days) => {
    await expect(made("viewer", "read", days)).rejects.toMatchObject({ reason: "bad-life" });
  });

  test("a token for an account that does not exist", async () => {
    await expect(made("nobody", "read")).rejects.toMatchObject({ reason: "unknown-account" });
  });
});

test("the database does not know a token, and the audit log tells that it was made and revoked", async () => {
  const { id, token } = await made("viewer", "read");
  await tokens.revoke(id, SYSTEM);
  const rows = JSON.stringify([
    await city.database.selectFrom("api_tokens").selectAll().execute(),
    await city.database.selectFrom("audit").selectAll().execute(),
  ]);
  expect(rows).not.toContain(token);
  const audit = new AuditStore(city.database);
  const { items } = await audit.list({ division: "330600", subject: "token", subjectId: id, limit: 5 });
  expect(items.map(({ action }) => action)).toEqual(["revoke", "add"]);
});
