import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { COVERED_AHEAD_MS, createGrid, importBoundaries, replaceAreas, verifyCoverage } from "@hotgrid/grid";
import { readSeeds } from "@hotgrid/store";
import { describe, expect, test } from "vitest";

const facts = resolve(import.meta.dirname, "../../../shared/data/shaoxing");
const file = (name: string): unknown => JSON.parse(readFileSync(resolve(facts, name), "utf8"));

// Outlines without a licence to ship: they stand beside the repository, and a clone without them skips these.
describe.skipIf(!existsSync(facts))("somebody's outlines are imported over the approximate areas", async () => {
  const seeds = await readSeeds(import.meta.dirname);
  const kinds = (crs: "GCJ-02" | "WGS-84", name: string): string[] => [
    ...new Set(importBoundaries(file(name), { crs, divisions: seeds.divisions }).problems.map(({ kind }) => kind)),
  ];

  test("counties: those of other cities are refused, and towns and villages go on tiling the rest", () => {
    const counties = file("counties-gcj02.geojson");
    const { areas, problems } = importBoundaries(counties, { crs: "GCJ-02", divisions: seeds.divisions });
    expect([...areas.keys()]).toEqual(["330602", "330603", "330604"]);
    expect(problems.map(({ kind, code }) => [kind, code])).toEqual([
      ["unknown-code", "330624"],
      ["unknown-code", "330681"],
      ["unknown-code", "330683"],
    ]);
    const replaced = replaceAreas({ ...seeds, imported: areas });
    const grid = createGrid({ city: seeds.city.code, ...replaced });
    const [plan, at] = [{ ...seeds, utcOffset: seeds.city.utcOffset }, Date.parse("2026-11-22T08:00:00+08:00")];
    const { holes, warnings } = verifyCoverage(grid, [], plan, { from: at, to: at + COVERED_AHEAD_MS });
    expect({ holes, warnings }).toEqual({ holes: [], warnings: [] });
    expect(replaced.areas.size).toBe(seeds.divisions.length);
  }, 120_000);

  test("counties in the wrong datum are doubted, in the right one not", () => {
    expect(kinds("WGS-84", "counties-gcj02.geojson")).toContain("wrong-datum");
    expect(kinds("GCJ-02", "counties-gcj02.geojson")).not.toContain("wrong-datum");
  });

  test("towns: two rings that cross themselves are refused by name, the other 51 are taken", () => {
    const towns = file("towns-thiessen-gcj02.geojson");
    const { areas, problems } = importBoundaries(towns, { crs: "GCJ-02", divisions: seeds.divisions });
    expect(areas.size).toBe(51);
    const crossing = problems.filter(({ kind }) => kind === "self-crossing").map(({ code }) => code);
    expect(crossing).toEqual(["330602011", "330603006"]);
    expect(problems.filter(({ kind }) => kind === "missing-code").map(({ code }) => code)).toEqual(crossing);
  });
});
