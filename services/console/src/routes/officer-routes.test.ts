import { OfficerView } from "@hotgrid/contracts";
import { PeopleStore } from "@hotgrid/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";

const Officers = z.strictObject({ items: z.array(OfficerView), truncated: z.boolean() });
let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
});
afterAll(() => city.close());

const list = async (username: string, division: string) =>
  (await (await city.loggedIn(username)).read(`/officers?division=${division}`, Officers)).items;

test("of a town come its own officer and those of its villages", async () => {
  const items = await list("supervisor-330602", "330602001");
  expect(items.map(({ division }) => division)).toContain("330602001");
  expect(items.find(({ id }) => id === "O-330602001017")).toEqual({
    id: "O-330602001017",
    name: "马勇",
    phone: "15400000067",
    division: "330602001017",
    divisionName: "东双桥社区",
    role: "primary",
  });
  expect(items.filter(({ division }) => !division.startsWith("330602001"))).toEqual([]);
});

test("who is no longer in term is not there", async () => {
  await new PeopleStore(city.database).endTerm("O-330602001016", "330602001016", TEST_NOW);
  expect((await list("operator", "330602001")).map(({ id }) => id)).not.toContain("O-330602001016");
});

test.each([
  ["of a county to the neighbour's supervisor", "supervisor-330603", "330602"],
  ["of the city to a county's supervisor", "supervisor-330603", "330600"],
  ["of the town to a village's officer", "O-330602001017", "330602001"],
  ["of a division that there is not", "operator", "330699"],
])("the list %s does not exist", async (_what, username, division) => {
  const browser = await city.loggedIn(username);
  expect((await browser.refusal("GET", `/officers?division=${division}`)).status).toBe(404);
});

test.each(["", "?division=", "?division=3306&x=1", "?division=%25"])("/officers%s is refused", async (query) => {
  const operator = await city.loggedIn("operator");
  expect((await operator.refusal("GET", `/officers${query}`)).status).toBe(422);
});
