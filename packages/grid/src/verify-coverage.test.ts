import type { Assignment, DutyShift, Leave, Station } from "@hotgrid/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createDuty, type DutyPlan } from "./duty.ts";
import { createGrid } from "./grid.ts";
import { box, squareCity } from "./testing.ts";
import { verifyCoverage } from "./verify-coverage.ts";

const input = squareCity();
const grid = createGrid(input);
const everybody = input.divisions.map(
  ({ code }): Assignment => ({ officerId: `O-${code}`, division: code, role: "primary", from: 0, to: null }),
);
const plan = (assignments: readonly Assignment[], parts: Partial<DutyPlan> = {}): DutyPlan => ({
  ...{ assignments, shifts: [], leaves: [], calendar: [], utcOffset: "+08:00" },
  ...parts,
});
/** One moment. */
const moment = (at: number) => ({ from: at, to: at + 1 });
const station = (lon: number, lat: number, division = "330602001001"): Station => ({
  id: "S1",
  name: "站",
  kind: "micro",
  lon,
  lat,
  division,
  properties: ["pm25"],
  intervalSeconds: 60,
});

test("with somebody for every division there is no hole", () => {
  const { holes, warnings, checked } = verifyCoverage(grid, [station(120.01, 30.01)], plan(everybody), moment(1000));
  expect({ holes, warnings }).toEqual({ holes: [], warnings: [] });
  expect(checked).toMatchObject({ divisions: 15, stations: 1 });
  // 15.4 km by 2.2 km: 31 or 32 columns by 5 or 6 rows.
  expect(checked.fineCells).toBeGreaterThanOrEqual(31 * 5);
  expect(checked.fineCells).toBeLessThanOrEqual(32 * 6);
});

test.each<[string, string, number]>([
  ["a village", "330602001001", 1],
  ["a town", "330602001", 1],
  ["a county", "330602", 1],
  ["the city", "330600", 1],
])("%s without anybody is one hole, with its cells, stations and remedy", (_level, code, stations) => {
  const assignments = everybody.filter(({ division }) => division !== code);
  const { holes } = verifyCoverage(grid, [station(120.01, 30.01)], plan(assignments), moment(1000));
  expect(holes).toHaveLength(1);
  expect(holes[0]).toMatchObject({ reason: "no-officer", division: code });
  expect(holes[0]?.stations).toHaveLength(stations);
  expect(holes[0]?.remedy.en).toContain(code);
  const expected = new Set<string>();
  for (const cell of grid.cells.touching([119.99, 29.99, 120.18, 30.03], "fine")) {
    const [west, , east] = grid.cellBounds(cell);
    const [spanWest, spanEast] = code.length === 12 ? [120, 120.02] : code.length === 9 ? [120, 120.04] : [120, 120.16];
    const countyEast = code === "330602" ? 120.08 : spanEast;
    const [, south, , north] = grid.cellBounds(cell);
    if (west < countyEast && east > spanWest && south < 30.02 && north > 30) expected.add(cell);
  }
  expect(new Set(holes[0]?.cells)).toEqual(expected);
});

test("a term that ended leaves a hole from then on", () => {
  const ended = everybody.map((one) => (one.division === "330603" ? { ...one, to: 500 } : one));
  expect(verifyCoverage(grid, [], plan(ended), moment(499)).holes).toHaveLength(0);
  expect(verifyCoverage(grid, [], plan(ended), moment(500)).holes.map(({ division }) => division)).toEqual(["330603"]);
});

test("a deputy fills the place", () => {
  const deputies = everybody.map((one) => ({ ...one, role: "deputy" as const }));
  expect(verifyCoverage(grid, [], plan(deputies), moment(1000)).holes).toHaveLength(0);
});

test("a station outside the city is a hole", () => {
  const { holes } = verifyCoverage(grid, [station(30.01, 120.01)], plan(everybody), moment(1000));
  expect(holes).toMatchObject([{ reason: "station-outside-city", division: null, stations: ["S1"] }]);
});

test("a station registered in the wrong village is a warning, in a division above its village it is none", () => {
  expect(verifyCoverage(grid, [station(120.03, 30.01)], plan(everybody), moment(0)).warnings).toMatchObject([
    { kind: "station-division", registered: "330602001001", located: "330602001002" },
  ]);
  expect(verifyCoverage(grid, [station(120.03, 30.01, "330600")], plan(everybody), moment(0)).warnings).toEqual([]);
});

test.each<[string, ReturnType<typeof box>]>([
  ["gap", box(120, 30, 120.01, 30.02)],
  ["overlap", box(120, 30, 120.03, 30.02)],
])("a %s between villages is a warning with its cells", (kind, area) => {
  const areas = new Map([...input.areas, ["330602001001", area] as const]);
  const { warnings } = verifyCoverage(createGrid({ ...input, areas }), [], plan(everybody), moment(0));
  expect(new Set(warnings.map((warning) => warning.kind))).toEqual(new Set([kind]));
  // 0.01° by 0.02° is some 4.3 cells, which some 10 to 18 touch.
  expect(warnings.length).toBeGreaterThanOrEqual(8);
  expect(warnings.length).toBeLessThanOrEqual(20);
});

const HOUR = 3_600_000;
const month = { from: 0, to: 30 * 24 * HOUR };
const [village, town, county, city] = ["330602001001", "330602001", "330602", "330600"] as const;
const away = (code: string, from: number, to: number): Leave => ({
  ...{ officerId: `O-${code}`, from: from * HOUR, to: to * HOUR, substituteId: null },
});

test("a term that ends within the span is a hole from then to the next one's beginning", () => {
  const gap = everybody.flatMap((one) =>
    one.division === town
      ? [
          { ...one, to: 10 * HOUR },
          { ...one, from: 20 * HOUR },
        ]
      : [one],
  );
  expect(verifyCoverage(grid, [], plan(gap), month).holes).toMatchObject([
    { reason: "no-officer", division: town, spans: [{ from: 10 * HOUR, to: 20 * HOUR }] },
  ]);
});

test("a shift fills a place by the hour, and the hours without it are holes", () => {
  const without = everybody.filter(({ division }) => division !== county);
  const day: DutyShift = {
    ...{ officerId: "x", division: county, days: ["workday", "restday"], start: "08:00", end: "20:00" },
    ...{ covers: "own", from: 0, to: null },
  };
  const night = { ...day, officerId: "y", start: "20:00", end: "08:00", to: 5 * 24 * HOUR };
  const { holes } = verifyCoverage(grid, [], plan(without, { shifts: [day, night] }), month);
  expect(holes).toMatchObject([{ division: county }]);
  // The nights from the sixth on (UTC: local time is 8 h ahead), but for the hours before the first day's shift.
  expect(holes[0]?.spans.slice(0, 2)).toEqual([
    { from: (5 * 24 + 12) * HOUR, to: 6 * 24 * HOUR },
    { from: (6 * 24 + 12) * HOUR, to: 7 * 24 * HOUR },
  ]);
  expect(holes[0]?.spans).toHaveLength(25);
});

test("who is away leaves a warning while the level above is there, and a hole where nobody is", () => {
  const leaves = [away(village, 0, 10), away(town, 2, 8), away(county, 4, 20), away(city, 5, 6)];
  const { holes, warnings } = verifyCoverage(grid, [], plan(everybody, { leaves }), month);
  const span = (from: number, to: number) => ({ from: from * HOUR, to: to * HOUR });
  expect(holes.map(({ division, reason, spans }) => [division, reason, spans])).toEqual([
    [city, "nobody-asked", [span(5, 6)]],
    [county, "nobody-asked", [span(5, 6)]],
    [town, "nobody-asked", [span(5, 6)]],
    [village, "nobody-asked", [span(5, 6)]],
  ]);
  expect(warnings).toMatchObject([
    { kind: "away", division: county, spans: [span(4, 5), span(6, 20)] },
    { kind: "away", division: town, spans: [span(2, 5), span(6, 8)] },
    { kind: "away", division: village, spans: [span(0, 5), span(6, 10)] },
  ]);
});

test("shifts by working days in a year without holidays are warned of", () => {
  const shift: DutyShift = {
    ...{ officerId: "x", division: city, days: ["restday"], start: "00:00", end: "00:00", covers: "own", from: 0 },
    to: null,
  };
  const kinds = (parts: Partial<DutyPlan>) => verifyCoverage(grid, [], plan(everybody, parts), month).warnings;
  expect(kinds({ shifts: [shift] })).toMatchObject([{ kind: "unknown-year", year: 1970 }]);
  expect(kinds({ shifts: [{ ...shift, days: ["sun"] }] })).toEqual([]);
  const known = [{ division: city, date: "1970-01-01", kind: "holiday", name: "元旦" } as const];
  expect(kinds({ shifts: [shift], calendar: known })).toEqual([]);
});

test("the proof agrees with the lookup at any moment of any plan of leave", () => {
  const code = fc.constantFrom(village, town, county, city);
  const leaves = fc.array(
    fc.tuple(code, fc.integer({ min: 0, max: 700 }), fc.integer({ min: 1, max: 200 }), fc.option(code, { nil: null })),
    { minLength: 4, maxLength: 12 },
  );
  fc.assert(
    fc.property(leaves, fc.array(fc.integer({ min: 0, max: 719 }), { minLength: 20, maxLength: 20 }), (rows, hours) => {
      const list = rows.map(([who, from, length, substitute]) => ({
        ...away(who, from, from + length),
        substituteId: substitute === null ? null : `O-${substitute}`,
      }));
      const { holes } = verifyCoverage(grid, [], plan(everybody, { leaves: list }), month);
      const duty = createDuty(plan(everybody, { leaves: list }));
      for (const division of grid.divisions.keys()) {
        const spans = holes.filter((hole) => hole.division === division).flatMap((hole) => hole.spans);
        for (const hour of hours) {
          const at = hour * HOUR;
          const hole = spans.some(({ from, to }) => from <= at && at < to);
          expect(duty.onDuty(grid.lineage(division), at).officerId === null).toBe(hole);
        }
      }
    }),
    { numRuns: 30 },
  );
});
