import type { DivisionCode } from "@hotgrid/contracts";
import { booleanPointInPolygon } from "@turf/boolean-point-in-polygon";
import fc from "fast-check";
import { expect, test } from "vitest";
import { areaWithin } from "./area-within.ts";
import { cellsOfVillages } from "./cells-of-villages.ts";
import type { Area } from "./division.ts";
import { createGrid } from "./grid.ts";
import { replaceAreas } from "./replace-areas.ts";
import { box, squareCity } from "./testing.ts";

const input = squareCity();
const replace = (...imported: [DivisionCode, Area][]) => replaceAreas({ ...input, imported: new Map(imported) });
const size = (area: Area | undefined): number => (area === undefined ? 0 : areaWithin(area, [-180, -90, 180, 90]));
const flaws = (result: ReturnType<typeof replace>) =>
  cellsOfVillages(createGrid({ city: input.city, ...result })).flaws;

test("nothing imported changes nothing", () => {
  const result = replace();
  expect(result.areas).toEqual(input.areas);
  expect(result.adapted).toEqual([]);
});

test("a surveyed village pushes its neighbour back and both go on tiling their town", () => {
  const result = replace(["330602001001", box(120, 30, 120.03, 30.02)]);
  expect(result.areas.get("330602001001")).toEqual(box(120, 30, 120.03, 30.02));
  expect(size(result.areas.get("330602001002"))).toBeCloseTo(0.01 * 0.02, 9);
  expect(size(result.areas.get("330602001"))).toBeCloseTo(0.04 * 0.02, 9);
  expect(flaws(result)).toEqual([]);
});

test("what a surveyed village gives up goes to its neighbour", () => {
  const result = replace(["330602001001", box(120, 30, 120.01, 30.02)]);
  expect(size(result.areas.get("330602001"))).toBeCloseTo(0.03 * 0.02, 9);
  expect(flaws(result)).toEqual([]);
});

test("a surveyed county takes from the next one, whose towns and villages yield", () => {
  const result = replace(["330602", box(120, 30, 120.085, 30.02)]);
  expect(size(result.areas.get("330603"))).toBeCloseTo(0.075 * 0.02, 9);
  expect(size(result.areas.get("330603001001"))).toBeCloseTo(0.015 * 0.02, 9);
  expect(createGrid({ city: input.city, ...result }).locate(120.083, 30.01)?.county).toBe("330602");
  expect(flaws(result)).toEqual([]);
});

test("a surveyed town that stands elsewhere takes its villages along, with their points", () => {
  const result = replace(["330602001", box(119.9, 30.05, 119.95, 30.1)]);
  for (const code of ["330602001001", "330602001002"]) {
    const area = result.areas.get(code);
    const division = result.divisions.find((one) => one.code === code);
    if (area === undefined || division === undefined) throw new Error(`${code} is gone`);
    expect(size(area)).toBeGreaterThan(0);
    expect(booleanPointInPolygon([division.lon, division.lat], area)).toBe(true);
  }
  expect(createGrid({ city: input.city, ...result }).locate(119.92, 30.07)?.town).toBe("330602001");
  expect(flaws(result)).toEqual([]);
});

test("only what was imported counts as surveyed", () => {
  const { divisions } = replace(["330602001", box(120, 30, 120.04, 30.03)]);
  expect(divisions.filter(({ approximate }) => !approximate).map(({ code }) => code)).toEqual(["330602001"]);
});

test("wherever a surveyed town lies, villages tile the city without gap or overlap", () => {
  const span = fc.record({ west: fc.integer({ min: -30, max: 120 }), width: fc.integer({ min: 10, max: 60 }) });
  fc.assert(
    fc.property(span, fc.constantFrom("330602001", "330602002", "330603001"), ({ west, width }, town) => {
      const [left, right] = [120 + west / 1000, 120 + (west + width) / 1000];
      const result = replace([town, box(left, 30.001, right, 30.019)]);
      expect(result.areas.get(town)).toEqual(box(left, 30.001, right, 30.019));
      expect(flaws(result)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
