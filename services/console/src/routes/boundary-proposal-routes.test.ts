import { BoundaryProposalView, page } from "@hotgrid/contracts";
import { BoundaryProposalStore } from "@hotgrid/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";

const Proposals = page(BoundaryProposalView);
const [TASHAN, BEIHAI, HUASHE] = ["330602001017", "330602002001", "330603001048"];
const within = { outcome: "accepted", note: "边界以河为界" };

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  const store = new BoundaryProposalStore(city.database);
  const place = { lon: 120.58, lat: 30, cell: "3306-R1C1", note: "不在本村" };
  const said = { ...place, ticketId: "T1", at: TEST_NOW, accountId: `O-${TASHAN}`, division: TASHAN };
  await store.put({ ...said, id: "county", belongsTo: BEIHAI });
  await store.put({ ...said, id: "across", belongsTo: HUASHE });
  await store.put({ ...said, id: "open", belongsTo: null });
});
afterAll(() => city.close());

const list = async (username: string, query = "") =>
  (await (await city.loggedIn(username)).read(`/boundary-proposals${query}`, Proposals)).items;
const settle = async (username: string, id: string, body: unknown = within) =>
  (await city.loggedIn(username)).refusal("POST", `/boundary-proposals/${id}/settle`, { body });

test("both sides of a boundary see what was said about it, others see nothing", async () => {
  expect((await list("supervisor-330602")).map(({ id }) => id).toSorted()).toEqual(["across", "county", "open"]);
  expect((await list("supervisor-330603")).map(({ id }) => id)).toEqual(["across"]);
  expect(await list("supervisor-330604")).toEqual([]);
});

test("it says who returned it, from where, and to where in names", async () => {
  const county = (await list("administrator")).find(({ id }) => id === "county");
  expect(county).toMatchObject({ accountName: "马勇", divisionNames: ["绍兴市", "越城区", "塔山街道", "东双桥社区"] });
  expect(county?.belongsToNames.slice(0, 2)).toEqual(["绍兴市", "越城区"]);
});

test("a boundary between counties is settled by the level above both", async () => {
  expect(await settle("supervisor-330602", "across")).toMatchObject({ status: 403 });
  expect(await settle("supervisor-330603", "across")).toMatchObject({ status: 403 });
  expect((await list("supervisor-330602")).filter(({ maySettle }) => !maySettle).map(({ id }) => id)).toEqual([
    "across",
  ]);
  expect((await list("supervisor-330600")).every(({ maySettle }) => maySettle)).toBe(true);
});

test("it is settled once, and then among the settled with its outcome and who decided", async () => {
  const supervisor = await city.loggedIn("supervisor-330602");
  const answer = await supervisor.fetch("POST", "/boundary-proposals/county/settle", { body: within });
  expect(BoundaryProposalView.parse(await answer.json())).toMatchObject({ outcome: "accepted", maySettle: false });
  expect(await settle("administrator", "county")).toMatchObject({ status: 409 });
  expect((await list("supervisor-330602")).map(({ id }) => id)).not.toContain("county");
  expect(await list("supervisor-330602", "?settled=true")).toMatchObject([
    { id: "county", settledBy: "supervisor-330602", settledNote: "边界以河为界" },
  ]);
});

test.each([
  ["a county that has nothing to do with it", "supervisor-330604", "open", 404],
  ["the operator, who looks on", "operator", "open", 403],
  ["an officer", `O-${TASHAN}`, "open", 403],
  ["anybody, of one that there is not", "administrator", "forged", 404],
])("settling is refused to %s", async (_who, username, id, status) => {
  expect((await settle(username, id)).status).toBe(status);
});

test.each([{}, { outcome: "maybe", note: "为什么" }, { outcome: "refused", note: " " }, { ...within, more: 1 }])(
  "%j is refused",
  async (body) => {
    expect((await settle("administrator", "open", body)).status).toBe(422);
  },
);

test.each(["viewer", `O-${TASHAN}`, "M-330600"])("%s gets no list", async (username) => {
  const browser = await city.loggedIn(username);
  expect((await browser.refusal("GET", "/boundary-proposals")).status).toBe(403);
});
