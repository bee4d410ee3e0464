import { page, SilenceView } from "@hotgrid/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, type TestConsole } from "../testing.ts";

const Silences = page(SilenceView);
const UNTIL = "2026-11-22T12:00:00+08:00";
const drill = { division: "330602", kind: null, stationId: null, until: UNTIL, reason: "应急演练" };

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
});
afterAll(() => city.close());

const set = async (username: string, changes: Partial<Record<keyof typeof drill, unknown>> = {}) => {
  const browser = await city.loggedIn(username);
  const answer = await browser.fetch("POST", "/silences", { body: { ...drill, ...changes } });
  return SilenceView.parse(await answer.json());
};
const idsOf = async (username: string) =>
  (await (await city.loggedIn(username)).read("/silences", Silences)).items.map(({ id }) => id);
const end = async (username: string, id: string) =>
  (await city.loggedIn(username)).fetch("POST", `/silences/${id}/end`, { body: {} });

test("a silence shows who set it, what it matches and until when", async () => {
  const silence = await set("supervisor-330602", { kind: "local" });
  expect(silence).toMatchObject({ author: "越城区督办员", kind: "local", endsAt: UNTIL, mayEnd: true });
  expect(silence.startsAt).toBe("2026-11-22T08:00:00+08:00");
  expect(silence.divisionNames).toEqual(["绍兴市", "越城区"]);
});

test("it is seen where it mutes: in its division, above and below; nowhere else", async () => {
  const { id } = await set("operator");
  for (const username of ["operator", "supervisor-330602", "supervisor-330602001"])
    expect(await idsOf(username)).toContain(id);
  expect(await idsOf("supervisor-330603")).not.toContain(id);
});

test("it is ended early, once, by who answers for the division", async () => {
  const { id } = await set("operator");
  expect((await end("supervisor-330602001", id)).status).toBe(404);
  expect((await end("supervisor-330603", id)).status).toBe(404);
  expect((await end("viewer", id)).status).toBe(403);
  expect((await end("supervisor-330602", id)).status).toBe(200);
  expect((await end("supervisor-330602", id)).status).toBe(409);
  expect(await idsOf("operator")).not.toContain(id);
});

test("one of a single station needs a station of that division", async () => {
  const station = city.seeds.stations.find(({ division }) => division.startsWith("330602"));
  expect((await set("operator", { stationId: station?.id })).stationId).toBe(station?.id);
  const elsewhere = city.seeds.stations.find(({ division }) => division.startsWith("330603"));
  const operator = await city.loggedIn("operator");
  const body = { ...drill, stationId: elsewhere?.id };
  expect(await operator.refusal("POST", "/silences", { body })).toMatchObject({ status: 422, field: "body.stationId" });
});

test.each([
  ["another county's division", "supervisor-330603", {}, 422],
  ["the whole city by a county's supervisor", "supervisor-330602", { division: "330600" }, 422],
  ["an end in the past", "operator", { until: "2026-11-22T07:59:00+08:00" }, 422],
  ["an end beyond 30 days", "operator", { until: "2026-12-23T08:00:00+08:00" }, 422],
  ["no reason", "operator", { reason: " " }, 422],
  ["an author of one's own choice", "operator", { author: "somebody else" }, 422],
  ["an officer", "O-330602001017", {}, 403],
  ["a viewer", "viewer", {}, 403],
  ["the maintenance vendor", "M-330600", {}, 403],
])("%s is refused", async (_what, username, changes, status) => {
  const browser = await city.loggedIn(username);
  expect((await browser.refusal("POST", "/silences", { body: { ...drill, ...changes } })).status).toBe(status);
});
