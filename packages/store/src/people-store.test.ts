import type { Assignment, Officer } from "@hotgrid/contracts";
import { ManualClock } from "@hotgrid/runtime";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AccountStore } from "./account-store.ts";
import type { Database } from "./database.ts";
import { InspectionGrantStore } from "./inspection-grant-store.ts";
import { PeopleStore } from "./people-store.ts";
import { seedDatabase } from "./seed-database.ts";
import { seedDemoAccounts } from "./seed-demo-accounts.ts";
import { StationDirectory } from "./station-directory.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";

const li: Officer = { id: "li", name: "李强", phone: "13800000001" };
const zhao: Officer = { id: "zhao", name: "赵敏", phone: "13800000002" };
const VILLAGE = "330602001001";
const term = (officerId: string, from: number, to: number | null): Assignment => ({
  officerId,
  division: VILLAGE,
  role: "primary",
  from,
  to,
});

let db: Kysely<Database>;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.destroy());

test("a term begins inclusive and ends exclusive", async () => {
  const people = new PeopleStore(db);
  await people.upsert({ officers: [li, zhao], assignments: [term("li", 100, 200), term("zhao", 200, null)] });
  const holders = async (at: number) => (await people.assignments(at)).map((a) => a.officerId);
  expect(await holders(99)).toEqual([]);
  expect(await holders(100)).toEqual(["li"]);
  expect(await holders(199)).toEqual(["li"]);
  expect(await holders(200)).toEqual(["zhao"]);
  expect(await people.assignments()).toHaveLength(2);
});

test("an import twice is an import once, and changes a phone number", async () => {
  const people = new PeopleStore(db);
  await people.upsert({ officers: [li], assignments: [term("li", 100, null)] });
  await people.upsert({ officers: [{ ...li, phone: "13900000000" }], assignments: [term("li", 100, 300)] });
  expect(await people.officer("li")).toEqual({ ...li, phone: "13900000000" });
  expect(await people.assignments()).toEqual([term("li", 100, 300)]);
});

test.each([
  ["an assignment of nobody", term("nobody", 100, null), "unknown-officer", "assignments[1].officerId"],
  ["a term that ends before it begins", term("li", 100, 100), "bad-term", "assignments[1].to"],
])("%s leaves nothing of the import behind", async (_rule, bad, reason, field) => {
  const people = new PeopleStore(db);
  const wrong = people.upsert({ officers: [li], assignments: [term("li", 50, null), bad] });
  await expect(wrong).rejects.toMatchObject({ reason, field });
  expect(await people.officers()).toEqual([]);
});

const seeds = {
  city: { code: "330600" },
  divisions: [
    { code: "330600", name: "绍兴市" },
    { code: "330602", name: "越城区" },
    { code: "330602001", name: "塔山街道" },
    { code: VILLAGE, name: "某社区" },
  ],
  stations: [
    {
      id: "HG-330602-001",
      name: "塔山",
      kind: "micro",
      lon: 120.58,
      lat: 30,
      division: VILLAGE,
      properties: ["pm25"],
      intervalSeconds: 60,
    },
  ],
  officers: [li, zhao],
  assignments: [term("li", 100, null), { ...term("zhao", 100, null), division: "330602", role: "deputy" }],
  ...{ shifts: [], leaves: [], calendar: [] },
} satisfies Parameters<typeof seedDatabase>[1] & Parameters<typeof seedDemoAccounts>[1];

test("seeding again overwrites nothing that people changed", async () => {
  await seedDatabase(db, seeds);
  const people = new PeopleStore(db);
  const stations = await StationDirectory.open(db);
  await people.upsert({ officers: [{ ...li, phone: "13900000000" }], assignments: [] });
  expect(await people.endTerm("li", VILLAGE, 500)).toBe(1);
  await stations.retire("HG-330602-001", 500);

  await seedDatabase(db, seeds);
  await stations.refresh();
  expect(await people.officer("li")).toMatchObject({ phone: "13900000000" });
  expect(await people.assignments(500)).toEqual([{ ...term("zhao", 100, null), division: "330602", role: "deputy" }]);
  expect(stations.all()).toEqual([]);
});

test("the demo's people can all log in with the one password, and a changed password stays changed", async () => {
  await seedDatabase(db, seeds);
  const made = await seedDemoAccounts(db, seeds, "demo");
  expect(made.map((a) => a.id).toSorted()).toEqual([
    "administrator",
    "inspector",
    "li",
    "operator",
    "supervisor-330600",
    "supervisor-330602",
    "supervisor-330602001",
    "viewer",
    "zhao",
  ]);
  const accounts = new AccountStore(db, new ManualClock(0));
  const [inspector] = await new InspectionGrantStore(db, new ManualClock(Date.now())).list();
  expect(inspector).toMatchObject({ account: { id: "inspector" }, grant: { division: "330600" } });
  expect(await accounts.verify("li", "demo")).toMatchObject({ account: { division: VILLAGE, role: "officer" } });
  await accounts.setPassword("li", "something better");
  expect(await seedDemoAccounts(db, seeds, "demo")).toEqual([]);
  expect(await accounts.verify("li", "something better")).toMatchObject({ outcome: "ok" });
});
