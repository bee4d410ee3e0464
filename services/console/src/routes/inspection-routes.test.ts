import { InspectionDrawView, InspectorView, page, TicketView } from "@hotgrid/contracts";
import { AuditStore, drawOf } from "@hotgrid/store";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import { putTicket } from "../testing-records.ts";

const Inspectors = page(InspectorView);
const Tickets = page(TicketView);
const UNTIL = "2026-12-22T00:00:00+08:00";
const YUECHENG = { division: "330602", until: UNTIL };
const nobodyYet = { by: null, byName: null, at: null, note: null, plan: null };
const pending = { state: "pending", reason: "sampled", chosenAt: TEST_NOW, ...nobodyYet } as const;
const closed = { state: "closed", closedAt: TEST_NOW } as const;

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  const { database } = city;
  const yuecheng = "330602001017";
  await putTicket(database, { id: "T-1", division: yuecheng, ...closed, inspection: pending });
  await putTicket(database, { id: "T-2", division: yuecheng, ...closed });
  await putTicket(database, { id: "T-3", division: "330603001048", ...closed, inspection: pending });
});
afterAll(() => city.close());
beforeEach(() => city.database.deleteFrom("inspection_grants").execute());

const as = (username: string) => city.loggedIn(username);
const grant = async (username: string, body: object = YUECHENG) =>
  (await as(username)).fetch("PUT", "/inspectors/inspector/grant", { body });
const revoke = async (username: string) => (await as(username)).fetch("DELETE", "/inspectors/inspector/grant");
const inspectors = async (username: string) => (await (await as(username)).read("/inspectors", Inspectors)).items;

describe("a grant", () => {
  test("lets the inspector see what was chosen in the granted division, and nothing else of the tickets", async () => {
    expect((await grant("supervisor-330602")).status).toBe(200);
    const browser = await as("inspector");
    const { items } = await browser.read("/tickets?inspection=pending", Tickets);
    expect(items).toMatchObject([
      {
        id: "T-1",
        actions: ["inspect", "comment"],
        inspection: { state: "pending", chosenAt: "2026-11-22T08:00:00+08:00" },
      },
    ]);
    expect((await browser.read("/tickets", Tickets)).items.map(({ id }) => id)).toEqual(["T-1"]);
    expect((await browser.get("/tickets/T-2")).status).toBe(404);
    expect((await browser.get("/tickets/T-3")).status).toBe(404);
    expect((await browser.read("/tickets?inspection=failed", Tickets)).items).toEqual([]);
  });

  test("is shown to who may give it, and to the inspector", async () => {
    await grant("supervisor-330602");
    const shown = {
      ...{ division: "330602", divisionNames: ["绍兴市", "越城区"], until: UNTIL, grantedBy: "supervisor-330602" },
      active: true,
    };
    for (const username of ["supervisor-330602", "administrator"])
      expect(await inspectors(username)).toMatchObject([{ id: "inspector", grant: shown, mayGrant: true }]);
    expect(await inspectors("inspector")).toMatchObject([{ id: "inspector", grant: shown, mayGrant: false }]);
    expect(await inspectors("supervisor-330603")).toMatchObject([{ id: "inspector", grant: null, mayGrant: false }]);
  });

  test("that has expired, or is revoked, lets nobody in; the page can still say so", async () => {
    const browser = await as("inspector");
    expect(await browser.refusal("GET", "/tickets")).toMatchObject({
      status: 403,
      type: "urn:hotgrid:problem:no-grant",
    });
    await grant("supervisor-330602", { division: "330602", until: "2026-11-22T08:00:01+08:00" });
    expect((await browser.get("/tickets")).status).toBe(200);
    await city.database.updateTable("inspection_grants").set({ until: TEST_NOW }).execute();
    expect((await browser.get("/tickets")).status).toBe(403);
    expect((await browser.get("/stream")).status).toBe(403);
    expect(await inspectors("inspector")).toMatchObject([{ grant: { active: false } }]);
    expect((await browser.get("/session")).status).toBe(200);
    await grant("supervisor-330602");
    expect((await revoke("supervisor-330602")).status).toBe(204);
    expect((await browser.get("/tickets")).status).toBe(403);
    expect((await revoke("supervisor-330602")).status).toBe(404);
  });

  test("is in the audit log, with who gave and took it", async () => {
    await grant("supervisor-330602");
    await revoke("administrator");
    const { items } = await new AuditStore(city.database).list({ division: "330602", subject: "inspection", limit: 2 });
    expect(items.map(({ account, action, address }) => [account, action, address])).toEqual([
      ["administrator", "revoke", "127.0.0.1"],
      ["supervisor-330602", "grant", "127.0.0.1"],
    ]);
  });

  test("of another county is not taken over, nor taken away", async () => {
    await grant("supervisor-330602");
    expect((await grant("supervisor-330603", { division: "330603", until: UNTIL })).status).toBe(409);
    expect((await revoke("supervisor-330603")).status).toBe(404);
    expect((await inspectors("inspector"))[0]?.grant?.division).toBe("330602");
  });
});

test.each<[string, string, object, number]>([
  ["another county's division", "supervisor-330602", { division: "330603", until: UNTIL }, 403],
  ["the whole city by a county's supervisor", "supervisor-330602", { division: "330600", until: UNTIL }, 403],
  ["a division that is none", "administrator", { division: "330699", until: UNTIL }, 422],
  ["an end in the past", "administrator", { division: "330602", until: "2026-11-22T07:59:00+08:00" }, 422],
  ["more than a year", "administrator", { division: "330602", until: "2027-11-24T08:00:00+08:00" }, 422],
  ["no end", "administrator", { division: "330602" }, 422],
  ["the operator", "operator", YUECHENG, 403],
  ["an officer", "O-330602001017", YUECHENG, 403],
  ["the inspector itself", "inspector", YUECHENG, 403],
])("a grant: %s is refused", async (_what, username, body, status) => {
  expect((await grant(username, body)).status).toBe(status);
  expect(await city.database.selectFrom("inspection_grants").selectAll().execute()).toEqual([]);
});

test("who is no inspector is granted nothing", async () => {
  const browser = await as("administrator");
  expect((await browser.refusal("PUT", "/inspectors/operator/grant", { body: YUECHENG })).status).toBe(404);
});

test("a month's key is shown when the month is over, its digest from the beginning", async () => {
  const rules = { share: 0.1, kinds: ["local"] as const };
  await city.database.transaction().execute(async (trx) => {
    for (const period of ["2026-10", "2026-11"]) await drawOf(trx, period, rules, TEST_NOW);
  });
  const { items } = await (await as("supervisor-330602")).read("/inspection-draws", page(InspectionDrawView));
  expect(items).toMatchObject([
    { period: "2026-11", share: 0.1, key: null, keySha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    { period: "2026-10", share: 0.1, key: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  expect((await (await as("operator")).get("/inspection-draws")).status).toBe(403);
});
