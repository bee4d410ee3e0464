import { AuditRecord, IsoTime, page } from "@hotgrid/contracts";
import { AccountStore, appendAudit, SYSTEM } from "@hotgrid/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, TEST_PASSWORD, type TestConsole } from "../testing.ts";

const Records = page(AuditRecord.extend({ at: IsoTime }));
const YUECHENG = "330602001017";
const KEQIAO = "330603001048";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  await city.database.transaction().execute(async (trx) => {
    for (const [division, at] of [
      [YUECHENG, TEST_NOW],
      [KEQIAO, TEST_NOW + 60_000],
    ] as const) {
      const ticket = { subject: "ticket", subjectId: `T-${division}`, division, action: "open" } as const;
      await appendAudit(trx, { at, actor: SYSTEM, ...ticket });
    }
  });
});
afterAll(() => city.close());

const idsOf = async (username: string, query = "") => {
  const browser = await city.loggedIn(username);
  return (await browser.read(`/audit${query}`, Records)).items.map(({ subjectId }) => subjectId);
};

test("a county's supervisor sees what was done in the county, whatever is asked for", async () => {
  expect(await idsOf("supervisor-330602")).toEqual([`T-${YUECHENG}`]);
  expect(await idsOf("supervisor-330602", "?division=330600")).toEqual([`T-${YUECHENG}`]);
  expect(await idsOf("supervisor-330602", "?division=330603")).toEqual([]);
  expect(await idsOf("supervisor-330602", `?subject=ticket&id=T-${KEQIAO}`)).toEqual([]);
});

test("who has the city sees all, also what belongs to no division", async () => {
  expect(await idsOf("administrator", "?subject=ticket")).toEqual([`T-${KEQIAO}`, `T-${YUECHENG}`]);
  expect(await idsOf("supervisor-330600", "?subject=seeds")).toEqual(["demo-accounts", "seeds"]);
  expect(await idsOf("administrator", "?subject=ticket&from=2026-11-22T08:00:30%2B08:00")).toEqual([`T-${KEQIAO}`]);
});

test.each(["viewer", "operator", `O-${YUECHENG}`])("%s may not read it", async (username) => {
  const browser = await city.loggedIn(username);
  expect(await browser.refusal("GET", "/audit")).toMatchObject({ status: 403 });
});

test("a login, a wrong password and the logout are told with their address", async () => {
  const browser = city.browser();
  await browser.refusal("POST", "/session", { body: { username: "viewer", password: "not the password" } });
  await browser.logIn("viewer", TEST_PASSWORD);
  await browser.fetch("DELETE", "/session");
  const administrator = await city.loggedIn("administrator");
  const { items } = await administrator.read("/audit?account=viewer", Records);
  expect(items.map(({ action, address }) => [action, address])).toEqual([
    ["logout", "127.0.0.1"],
    ["login", "127.0.0.1"],
    ["wrong-password", "127.0.0.1"],
  ]);
});

test("nobody can change it over the network, and no record holds a secret", async () => {
  const administrator = await city.loggedIn("administrator");
  for (const method of ["POST", "PUT", "DELETE"])
    expect(await administrator.refusal(method, "/audit", method === "DELETE" ? {} : { body: {} })).toMatchObject({
      status: 404,
    });
  await new AccountStore(city.database, city.wall).setPassword("viewer", "a brand new password");
  const told = await (await administrator.get("/audit?limit=500")).text();
  expect(told).not.toMatch(/scrypt|brand new/);
});

test.each(["division=33", "subject=weather", "from=yesterday", "cursor=forged", "limit=0"])(
  "?%s is refused",
  async (query) => {
    const administrator = await city.loggedIn("administrator");
    expect(await administrator.refusal("GET", `/audit?${query}`)).toMatchObject({ status: 422 });
  },
);
