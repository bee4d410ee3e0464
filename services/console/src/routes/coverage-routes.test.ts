import { CellDutyView, CoverageView } from "@hotgrid/contracts";
import { cellsOfVillages } from "@hotgrid/grid";
import { importRosters, PeopleStore, SYSTEM } from "@hotgrid/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";

const HOUR_MS = 3_600_000;
const VILLAGE = "330602001017";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
});
afterAll(() => city.close());

const coverage = async (username: string) => (await city.loggedIn(username)).read("/duty/coverage", CoverageView);

test("a city in which everybody is at their post has no hole, and the proof says what it looked at", async () => {
  const whole = await coverage("administrator");
  expect(whole).toMatchObject({
    ...{ from: "2026-11-22T08:00:00+08:00", to: "2026-12-22T08:00:00+08:00", holes: [] },
    checked: { divisions: 1275, stations: 300 },
  });
  const county = await coverage("supervisor-330602");
  expect(county.checked.divisions).toBe(city.seeds.divisions.filter(({ code }) => code.startsWith("330602")).length);
  expect(county.checked.fineCells).toBeLessThan(whole.checked.fineCells);
});

test("a hole is told with its hours, its cells and the remedy: to its county and the city, not to the neighbour", async () => {
  const at = TEST_NOW + 10 * HOUR_MS;
  await new PeopleStore(city.database).endTerm(`O-${VILLAGE}`, VILLAGE, at, SYSTEM);
  for (const username of ["supervisor-330602", "administrator"]) {
    const { holes } = await coverage(username);
    expect(holes).toMatchObject([
      {
        ...{ reason: "no-officer", division: VILLAGE, level: "village" },
        names: ["绍兴市", "越城区", "塔山街道", "东双桥社区"],
        spans: [{ from: "2026-11-22T18:00:00+08:00", to: "2026-12-22T08:00:00+08:00" }],
        remedy: { zh: expect.stringContaining("为东双桥社区(330602001017)指定在任网格员") },
      },
    ]);
    expect(holes[0]?.cells).toBeGreaterThan(0);
  }
  expect((await coverage("supervisor-330603")).holes).toEqual([]);
});

test("who is asked in a cell, village by village, at every hour of 30 days", async () => {
  const [cell] =
    [...cellsOfVillages(city.grid).fine].find(
      ([, villages]) => villages.length > 1 && villages.every((code) => code.startsWith("330602001")),
    ) ?? [];
  const { fine } = cellsOfVillages(city.grid);
  const [first = ""] = fine.get(cell ?? "") ?? [];
  const leave = {
    officerId: `O-${first}`,
    from: TEST_NOW + HOUR_MS,
    to: TEST_NOW + 3 * HOUR_MS,
    substituteId: "O-330602001",
  };
  await importRosters(
    city.database,
    { shifts: [], leaves: [leave], calendar: [] },
    { now: TEST_NOW, utcOffset: "+08:00", backdate: false, actor: SYSTEM },
  );
  const duty = await (await city.loggedIn("supervisor-330602")).read(`/cells/${cell}/duty`, CellDutyView);
  expect(duty.villages.map(({ division }) => division)).toEqual(fine.get(cell ?? ""));
  for (const { spans } of duty.villages) {
    expect([spans[0]?.from, spans.at(-1)?.to]).toEqual([duty.from, duty.to]);
    expect(spans.slice(1).map(({ from }) => from)).toEqual(spans.slice(0, -1).map(({ to }) => to));
  }
  expect(duty.villages[0]?.spans.slice(0, 2).map(({ officer, standsInFor }) => [officer?.id, standsInFor?.id])).toEqual(
    [
      [`O-${first}`, undefined],
      ["O-330602001", `O-${first}`],
    ],
  );
  const officer = await (await city.loggedIn(`O-${first}`)).read(`/cells/${cell}/duty`, CellDutyView);
  expect(officer.villages.map(({ division }) => division)).toEqual([first]);
  const refused = (path: string) => city.loggedIn("operator").then((it) => it.refusal("GET", path));
  expect((await refused("/cells/3306-R1C1/duty")).status).toBe(404);
  expect((await refused(`/cells/${cell}/duty?at=2100-01-01T00:00:00Z`)).status).toBe(422);
});
