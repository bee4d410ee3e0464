import { resolve } from "node:path";
import { createGrid } from "@hotgrid/grid";
import { createLog } from "@hotgrid/runtime";
import { readSeeds } from "@hotgrid/store";
import { expect, test } from "vitest";
import { refuseHoles } from "./refuse-holes.ts";

const seeds = await readSeeds(resolve(import.meta.dirname, "../../../seeds/shaoxing"));
const grid = createGrid({ city: seeds.city.code, divisions: seeds.divisions, areas: seeds.areas });
const at = Date.parse("2026-11-22T08:00:00+08:00");
const DAY = 86_400_000;

/** The village officer's term ends so many days from now, and nobody follows. */
function start(days: number, allowed = false): void {
  const ending = (code: string) => (code === "330602001004" ? at + days * DAY : null);
  const assignments = seeds.assignments.map((one) => ({ ...one, to: ending(one.division) }));
  const plan = { ...seeds, assignments, utcOffset: seeds.city.utcOffset };
  refuseHoles({ grid, stations: seeds.stations, plan, at, allowed }, createLog("test", "silent"));
}

test("a hole within 30 days keeps the system from starting, with place, time and remedy", () => {
  expect(() => start(29)).toThrow(/花园社区 2026-12-21 08:00 – 2026-12-22 08:00: .*330602001004/);
});

test("one beyond them does not, nor one that was allowed", () => {
  start(30);
  start(29, true);
});
