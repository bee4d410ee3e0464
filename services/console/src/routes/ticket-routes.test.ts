import { page, TicketDetail, TicketView } from "@hotgrid/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import { putTicket } from "../testing-records.ts";

const Tickets = page(TicketView);
const YUECHENG = "330602001017";
const KEQIAO = "330603001048";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  const { database } = city;
  await putTicket(
    database,
    { id: "T-1", division: YUECHENG, officerId: `O-${YUECHENG}`, openedAt: TEST_NOW - 3000 },
    true,
  );
  await putTicket(database, { id: "T-2", division: KEQIAO, officerId: `O-${KEQIAO}`, openedAt: TEST_NOW - 2000 });
  await putTicket(database, {
    id: "T-3",
    division: KEQIAO,
    officerId: `O-${YUECHENG}`,
    state: "handling",
    openedAt: TEST_NOW - 1000,
  });
  await putTicket(database, {
    id: "T-4",
    division: YUECHENG,
    officerId: `O-${YUECHENG}`,
    state: "closed",
    closedAt: TEST_NOW,
    openedAt: TEST_NOW,
  });
});
afterAll(() => city.close());

const idsOf = async (username: string, query = "") => {
  const browser = await city.loggedIn(username);
  return (await browser.read(`/tickets${query}`, Tickets)).items.map(({ id }) => id);
};

test("a ticket shows its place by name, who holds it, its clocks and its history", async () => {
  const supervisor = await city.loggedIn("supervisor-330602");
  const { ticket, history, episode } = await supervisor.read("/tickets/T-1", TicketDetail);
  expect(ticket).toMatchObject({
    id: "T-1",
    openedAt: "2026-11-22T07:59:57+08:00",
    divisionNames: ["绍兴市", "越城区", "塔山街道", "东双桥社区"],
    officerName: "马勇",
    officerPhone: "15400000067",
    obligations: expect.arrayContaining([
      { kind: "respond", dueAt: "2026-11-22T08:30:00+08:00", state: "running", settledAt: null },
    ]),
  });
  expect(history).toMatchObject([{ revision: 1, at: "2026-11-22T07:59:57+08:00", action: "open", byName: "系统" }]);
  expect(episode).toMatchObject({ id: ticket.episodeId, ticketIds: ["T-1"] });
});

test.each([
  ["all, opened last first", "", ["T-4", "T-3", "T-2", "T-1"]],
  ["the open ones", "?status=open", ["T-3", "T-2", "T-1"]],
  ["those of one state", "?status=handling", ["T-3"]],
  ["the closed ones", "?status=closed", ["T-4"]],
  ["those of a county", "?division=330603", ["T-3", "T-2"]],
  ["those of an officer", `?officer=O-${KEQIAO}`, ["T-2"]],
  ["the overdue ones", "?overdue=true", ["T-1"]],
  ["those that are in time", "?overdue=false&status=open", ["T-3", "T-2"]],
  ["an operator's own are none", "?officer=me", []],
])("%s", async (_what, query, ids) => {
  expect(await idsOf("operator", query)).toEqual(ids);
});

test("pages follow each other", async () => {
  const viewer = await city.loggedIn("viewer");
  const first = await viewer.read("/tickets?limit=3", Tickets);
  const second = await viewer.read(`/tickets?limit=3&cursor=${first.nextCursor}`, Tickets);
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(["T-4", "T-3", "T-2", "T-1"]);
});

describe("who sees which", () => {
  test("a county's supervisor those of the county, whatever is asked for", async () => {
    expect(await idsOf("supervisor-330602")).toEqual(["T-4", "T-1"]);
    expect(await idsOf("supervisor-330602", "?division=330603")).toEqual([]);
    expect(await idsOf("supervisor-330602", `?officer=O-${KEQIAO}`)).toEqual([]);
  });

  test("an officer those of the village and those that he or she holds elsewhere", async () => {
    expect(await idsOf(`O-${YUECHENG}`)).toEqual(["T-4", "T-3", "T-1"]);
    expect(await idsOf(`O-${YUECHENG}`, "?officer=me&status=open")).toEqual(["T-3", "T-1"]);
    expect(await idsOf(`O-${KEQIAO}`)).toEqual(["T-3", "T-2"]);
  });

  test("to others a ticket does not exist", async () => {
    for (const username of ["supervisor-330602", "supervisor-330602001", "O-330602001016"]) {
      const browser = await city.loggedIn(username);
      const hidden = await browser.refusal("GET", "/tickets/T-2");
      expect(hidden).toEqual(await browser.refusal("GET", "/tickets/T-99"));
      expect(hidden.status).toBe(404);
    }
  });
});

test("the actions are those of who looks", async () => {
  const actionsOf = async (username: string) =>
    (await (await city.loggedIn(username)).read("/tickets/T-1", TicketDetail)).ticket.actions;
  expect(await actionsOf("viewer")).toEqual([]);
  expect(await actionsOf(`O-${YUECHENG}`)).toEqual(["respond", "return", "escalate", "comment"]);
  expect(await actionsOf("supervisor-330602")).toContain("supervise");
  expect(await actionsOf("supervisor-330602")).not.toContain("respond");
});

test.each(["status=lost", "overdue=perhaps", "cursor=forged", "limit=-1", "officer="])(
  "?%s is refused",
  async (query) => {
    const viewer = await city.loggedIn("viewer");
    expect((await viewer.refusal("GET", `/tickets?${query}`)).status).toBe(422);
  },
);
