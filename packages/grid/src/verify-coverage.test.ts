import type { Assignment, Station } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { createGrid } from "./grid.ts";
import { box, squareCity } from "./testing.ts";
import { verifyCoverage } from "./verify-coverage.ts";

const input = squareCity();
const grid = createGrid(input);
const everybody = input.divisions.map(
  ({ code }): Assignment => ({ officerId: `O-${code}`, division: code, role: "primary", from: 0, to: null }),
);
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
  const { holes, warnings, checked } = verifyCoverage(grid, [station(120.01, 30.01)], everybody, 1000);
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
  const { holes } = verifyCoverage(grid, [station(120.01, 30.01)], assignments, 1000);
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
  expect(verifyCoverage(grid, [], ended, 499).holes).toHaveLength(0);
  expect(verifyCoverage(grid, [], ended, 500).holes.map(({ division }) => division)).toEqual(["330603"]);
});

test("a deputy fills the place", () => {
  const deputies = everybody.map((one) => ({ ...one, role: "deputy" as const }));
  expect(verifyCoverage(grid, [], deputies, 1000).holes).toHaveLength(0);
});

test("a station outside the city is a hole", () => {
  const { holes } = verifyCoverage(grid, [station(30.01, 120.01)], everybody, 1000);
  expect(holes).toMatchObject([{ reason: "station-outside-city", division: null, stations: ["S1"] }]);
});

test("a station registered in the wrong village is a warning, in a division above its village it is none", () => {
  expect(verifyCoverage(grid, [station(120.03, 30.01)], everybody, 0).warnings).toMatchObject([
    { kind: "station-division", registered: "330602001001", located: "330602001002" },
  ]);
  expect(verifyCoverage(grid, [station(120.03, 30.01, "330600")], everybody, 0).warnings).toEqual([]);
});

test.each<[string, ReturnType<typeof box>]>([
  ["gap", box(120, 30, 120.01, 30.02)],
  ["overlap", box(120, 30, 120.03, 30.02)],
])("a %s between villages is a warning with its cells", (kind, area) => {
  const areas = new Map([...input.areas, ["330602001001", area] as const]);
  const { warnings } = verifyCoverage(createGrid({ ...input, areas }), [], everybody, 0);
  expect(new Set(warnings.map((warning) => warning.kind))).toEqual(new Set([kind]));
  // 0.01° by 0.02° is some 4.3 cells, which some 10 to 18 touch.
  expect(warnings.length).toBeGreaterThanOrEqual(8);
  expect(warnings.length).toBeLessThanOrEqual(20);
});
