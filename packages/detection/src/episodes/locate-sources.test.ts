import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createDetector } from "../detector.ts";
import { parseRules } from "../rules/parse-rules.ts";
import { decide, geography, lattice, type World } from "../testing.ts";
import { ESTIMATES_PER_TICK } from "./locate-sources.ts";

const file = JSON.parse(readFileSync(new URL("../../../../seeds/shaoxing/rules.json", import.meta.url), "utf8"));
// Each station's smoke is its own episode, none waits for another, and history may be short.
file.decision.agreeMetres.value = 100;
file.decision.floodHoldMinutes.value = 0;
file.coldStart.silentHours.value = 0;
const rules = parseRules(file);
const stations = lattice(7, 2000);
/** Minutes of calm air before. */
const LIT = 90;

test("many fires of one minute: decisions first, then a bounded number of sources, the others soon after", () => {
  const burning = new Set(stations.filter((_, i) => i % 4 === Math.floor(i / 7) % 2).map(({ id }) => id));
  const world: World = {
    seed: 7,
    stations,
    startMs: Date.UTC(2026, 10, 20, 4),
    distort: (id, minute, value) => (burning.has(id) && minute >= LIT ? value + 120 + 50 * (minute % 3) : value),
  };
  const detector = createDetector({ city: "330600", utcOffset: "+08:00", stations, rules, geography });
  decide(detector, world, 0, LIT);
  const events = decide(detector, world, LIT, LIT + 20).filter(({ episode }) => episode.confirmedAt !== null);
  const ids = [...new Set(events.map(({ episode }) => episode.id))];
  const atOnce = ids.flatMap((id) => events.find(({ episode }) => episode.id === id) ?? []);
  const busiest = Math.max(...countBy(atOnce.map(({ at }) => at)).values());
  expect(busiest).toBeGreaterThan(ESTIMATES_PER_TICK);
  expect(atOnce.filter(({ episode }) => episode.source !== null)).toEqual([]);
  const located = ids.flatMap((id) => events.find((e) => e.episode.id === id && e.episode.source !== null) ?? []);
  expect(located.length).toBe(ids.length);
  expect(Math.max(...countBy(located.map(({ at }) => at)).values())).toBeLessThanOrEqual(ESTIMATES_PER_TICK);
  for (const source of located) {
    const later = events.slice(events.indexOf(source)).filter((event) => atOnce.includes(event));
    expect(later.filter(({ at }) => at <= source.at)).toEqual([]);
  }
});

function countBy<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
