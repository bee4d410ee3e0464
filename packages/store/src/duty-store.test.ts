import type { CalendarDay, DutyShift, Leave } from "@hotgrid/contracts";
import { createDuty } from "@hotgrid/grid";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "./database.ts";
import { insertMissingRosters, type Rosters, readDutyPlan } from "./duty-store.ts";
import { importRosters } from "./import-rosters.ts";
import { PeopleStore } from "./people-store.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";

const COUNTY = "330602";
const NOW = Date.parse("2026-11-22T12:00:00+08:00");
const DAY = 86_400_000;
const utcOffset = "+08:00";

const shift = (officerId: string, changes: Partial<DutyShift> = {}): DutyShift => ({
  ...{ division: COUNTY, officerId, days: ["workday", "sun"], start: "17:30", end: "08:30", covers: "own" },
  ...{ from: NOW, to: null },
  ...changes,
});
const leave = (officerId: string, changes: Partial<Leave> = {}): Leave => ({
  ...{ officerId, from: NOW, to: NOW + DAY, substituteId: null },
  ...changes,
});
const day = (date: string, changes: Partial<CalendarDay> = {}): CalendarDay => ({
  ...{ division: "330600", date, kind: "holiday", name: "节" },
  ...changes,
});
const rosters = (parts: Partial<Rosters>): Rosters => ({ shifts: [], leaves: [], calendar: [], ...parts });

let db: Kysely<Database>;
beforeEach(async () => {
  db = await openTestDatabase();
  const officers = ["li", "zhao"].map((id) => ({ id, name: id, phone: "" }));
  await new PeopleStore(db).upsert({ officers, assignments: [] });
});
afterEach(() => db.destroy());

const put = (parts: Partial<Rosters>, backdate = false) =>
  importRosters(db, rosters(parts), { now: NOW, backdate, utcOffset, actor: { account: "cli:test", address: null } });

test("what is imported is read as it was written", async () => {
  const parts = {
    shifts: [shift("li")],
    leaves: [leave("li", { substituteId: "zhao" })],
    calendar: [day("2026-12-01")],
  };
  await put(parts);
  expect(await readDutyPlan(db, utcOffset)).toEqual({ ...parts, assignments: [], utcOffset });
});

test("the audit log says who changed which roster, and nothing of what was refused", async () => {
  await put({ shifts: [shift("li")], leaves: [leave("li")], calendar: [day("2026-12-01")] });
  await expect(put({ leaves: [leave("li", { from: NOW - 1 })] })).rejects.toThrow();
  const rows = await db
    .selectFrom("audit")
    .select(["account", "action", "subject_id"])
    .where("subject", "=", "roster")
    .orderBy("seq")
    .execute();
  expect(rows.map((row) => [row.account, row.action, row.subject_id])).toEqual([
    ["cli:test", "put-shift", "li"],
    ["cli:test", "put-leave", "li"],
    ["cli:test", "put-day", "2026-12-01"],
  ]);
});

test("an import twice is an import once", async () => {
  const parts = { shifts: [shift("li")], leaves: [leave("li")], calendar: [day("2026-12-01")] };
  await put(parts);
  await put(parts);
  expect(await readDutyPlan(db, utcOffset)).toMatchObject(parts);
});

test("a shift is ended from now on, and a leave made longer", async () => {
  await put({ shifts: [shift("li", { from: NOW - DAY })], leaves: [leave("li")] }, true);
  await put({ shifts: [shift("li", { from: NOW - DAY, to: NOW })], leaves: [leave("li", { to: NOW + 2 * DAY })] });
  const { shifts, leaves } = await readDutyPlan(db, utcOffset);
  expect([shifts[0]?.to, leaves[0]?.to]).toEqual([NOW, NOW + 2 * DAY]);
});

test.each<[string, Partial<Rosters>]>([
  ["a shift that began yesterday", { shifts: [shift("li", { from: NOW - 1 })] }],
  ["a leave of yesterday", { leaves: [leave("li", { from: NOW - 1 })] }],
  [
    "another substitute for a leave that has begun",
    { leaves: [leave("zhao", { from: NOW - DAY, substituteId: "li" })] },
  ],
  ["an end before now", { shifts: [shift("zhao", { from: NOW - DAY, to: NOW - 1 })] }],
  ["a holiday that is over", { calendar: [day("2026-11-21")] }],
  ["today, which has begun", { calendar: [day("2026-11-22")] }],
])("%s would change the past: refused, and nothing of the import kept", async (_rule, parts) => {
  await put({ shifts: [shift("zhao", { from: NOW - DAY })], leaves: [leave("zhao", { from: NOW - DAY })] }, true);
  const before = await readDutyPlan(db, utcOffset);
  const wrong = put({ ...parts, calendar: [day("2026-12-01"), ...(parts.calendar ?? [])] });
  await expect(wrong).rejects.toMatchObject({ reason: "changes-the-past" });
  expect(await readDutyPlan(db, utcOffset)).toEqual(before);
  await put(parts, true);
});

test.each<[string, Partial<Rosters>, string, string]>([
  ["a shift of nobody", { shifts: [shift("nobody")] }, "unknown-officer", "shifts[0]"],
  ["a substitute whom nobody knows", { leaves: [leave("li", { substituteId: "x" })] }, "unknown-officer", "leaves[0]"],
  ["a leave that ends with its beginning", { leaves: [leave("li", { to: NOW })] }, "bad-term", "leaves[0]"],
])("%s is refused with its row", async (_rule, parts, reason, field) => {
  await expect(put(parts)).rejects.toMatchObject({ reason, field });
});

test("seeds overwrite nothing that people changed", async () => {
  await put({ shifts: [shift("li", { to: NOW + DAY })] });
  await insertMissingRosters(db, rosters({ shifts: [shift("li")], leaves: [leave("zhao")] }));
  const { shifts, leaves } = await readDutyPlan(db, utcOffset);
  expect([shifts[0]?.to, leaves.length]).toEqual([NOW + DAY, 1]);
});

test("the few rows of one moment answer as the whole plan does", async () => {
  const officers = ["li", "zhao"].map((id) => ({ id, name: id, phone: "" }));
  const term = { division: COUNTY, from: 0, to: null };
  const assignments = [
    { ...term, officerId: "li", role: "primary" as const },
    { ...term, officerId: "zhao", role: "deputy" as const, from: NOW + DAY },
  ];
  await new PeopleStore(db).upsert({ officers, assignments });
  const shifts = [shift("zhao", { from: NOW - 9 * DAY }), shift("li", { days: ["restday"], from: NOW + DAY })];
  const leaves = [
    leave("li", { from: NOW - 2 * DAY, substituteId: "zhao" }),
    leave("zhao", { from: NOW + 3 * DAY, to: NOW + 4 * DAY }),
  ];
  await put({ shifts, leaves, calendar: [day("2026-11-24"), day("2026-11-28", { kind: "workday" })] }, true);
  const whole = createDuty(await readDutyPlan(db, utcOffset));
  const lineage = [{ code: COUNTY, level: "county" as const }];
  for (let at = NOW - 4 * DAY; at < NOW + 8 * DAY; at += DAY / 8) {
    const few = await readDutyPlan(db, utcOffset, { divisions: [COUNTY], at });
    expect(createDuty(few).onDuty(lineage, at)).toEqual(whole.onDuty(lineage, at));
  }
});
