import { readFileSync } from "node:fs";
import type { Reading, Station } from "@hotgrid/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createDetector } from "./detector.ts";
import { parseRules } from "./rules/parse-rules.ts";
import { decide, episodesOf, geography, lattice, placeOf, readings, type World } from "./testing.ts";

const RULES = new URL("../../../seeds/shaoxing/rules.json", import.meta.url);
const rules = parseRules(JSON.parse(readFileSync(RULES, "utf8")));
const stations = lattice(5, 2000);
const create = (list: readonly Station[] = stations) =>
  createDetector({ city: "330600", utcOffset: "+08:00", stations: list, rules, geography });
const quiet: World = { seed: 4, stations, startMs: Date.UTC(2026, 10, 20, 4) };
const BAD = "S-012";

/** What is decided when one station's readings are changed from the 13th hour on. */
function decidedWith(change: (reading: Reading, i: number) => Reading | Reading[], list = stations) {
  const detector = create(list);
  let i = 0;
  for (const reading of readings({ ...quiet, stations: list }, 0, 900)) {
    const bad = reading.stationId === BAD && reading.phenomenonTime > quiet.startMs + 780 * 60_000;
    for (const one of bad ? [change(reading, i++)].flat() : [reading]) detector.ingest(one);
  }
  const { episodes, quality } = detector.take();
  return { detector, episodes: episodesOf(episodes), quality };
}
const withPm = (pm25: number) => (reading: Reading) => ({ ...reading, results: { ...reading.results, pm25 } });
const shifted = (ms: number) => (reading: Reading) => ({ ...reading, phenomenonTime: reading.phenomenonTime + ms });

test.each<[string, (reading: Reading, i: number) => Reading | Reading[]]>([
  ["not a number", withPm(Number.NaN)],
  ["infinite", withPm(Number.POSITIVE_INFINITY)],
  ["minus infinite", withPm(Number.NEGATIVE_INFINITY)],
  ["1e308", withPm(1e308)],
  ["negative", withPm(-50)],
  ["negative zero", withPm(-0)],
  ["alternating between absurd values", (r, i) => withPm(i % 2 ? 1e308 : -1e308)(r)],
  ["the same reading a hundred times", (r) => Array.from({ length: 100 }, () => r)],
  ["a clock an hour fast", shifted(3_600_000)],
  ["a clock an hour slow", shifted(-3_600_000)],
  ["a clock that jumps to and fro", (r, i) => shifted(i % 2 ? 3_600_000 : -3_600_000)(r)],
  ["times that are no numbers", (r) => ({ ...r, phenomenonTime: Number.NaN })],
  ["times of another century", shifted(-100 * 365 * 86_400_000)],
  ["no result at all", (r) => ({ ...r, results: {} })],
])("%s: no crash, nobody is sent, the others are decided on", (_rule, change) => {
  const { detector, episodes } = decidedWith(change);
  expect(episodes.filter((e) => e.kind === "local" && e.confirmedAt !== null)).toEqual([]);
  expect(detector.counters.ticks).toBeGreaterThan(890);
  expect(detector.restore(detector.snapshot())).toEqual([]);
});

test.each<[string, (reading: Reading) => Reading, string]>([
  ["out of range", withPm(4000), "range"],
  ["huge", withPm(1e308), "range"],
  ["negative", withPm(-3), "negative"],
  ["not a number", withPm(Number.NaN), "outage"],
  ["infinite", withPm(Number.POSITIVE_INFINITY), "outage"],
  ["of a clock an hour slow", shifted(-3_600_000), "late"],
  ["of a clock an hour fast", shifted(3_600_000), "clock-skew"],
  ["missing", (r) => ({ ...r, results: { no2: r.results.no2 ?? 0 } }), "outage"],
])("a value that is %s gets a flag with its reason", (_rule, change, name) => {
  const { quality } = decidedWith(change);
  const tests = quality.flatMap((q) => (q.kind === "quality" && q.stationId === BAD ? q.tests : []));
  expect(tests).toContain(name);
});

test.each<
  [string, (reading: Reading) => Reading | Reading[], "duplicate" | "surplus" | "notNumber" | "badTime" | "future"]
>([
  ["not a number", withPm(Number.NaN), "notNumber"],
  ["repeated", (r) => [r, r], "surplus"],
  ["of no time", (r) => ({ ...r, phenomenonTime: Number.NaN }), "badTime"],
  ["of a clock an hour fast", shifted(3_600_000), "future"],
])("what is %s is counted as that", (_rule, change, counter) => {
  expect(decidedWith(change).detector.counters[counter]).toBeGreaterThan(100);
  expect(decidedWith((r) => r).detector.counters[counter]).toBe(0);
});

/** Smoke over the first station, an hour long. */
const fire = { east: 694, north: -295, from: 800, to: 860, rate: 15 };

test("stations at the same place are no witnesses for each other's air", () => {
  const at = stations[12];
  if (!at) throw new Error("no station");
  const twins = stations.map((s) => (s.id === "S-011" ? { ...s, lon: at.lon, lat: at.lat } : s));
  const { east, north } = placeOf(at);
  const smoke = { ...fire, east: east + 400, north: north - 400 };
  const episodes = episodesOf(decide(create(twins), { ...quiet, stations: twins, fires: [smoke] }, 0, 900));
  const local = episodes.filter((e) => e.kind === "local" && e.stationIds.includes(BAD));
  expect(local.length).toBeGreaterThan(0);
  for (const { evidence } of local) {
    expect(evidence?.neighbours.length).toBeGreaterThan(2);
    for (const { distanceMetres } of evidence?.neighbours ?? []) expect(distanceMetres).toBeGreaterThan(20);
  }
});

test("a station that moves starts anew, and sends nobody before it has learned its new place", () => {
  const detector = create();
  decide(detector, quiet, 0, 800);
  const there = stations.map((s) => (s.id === BAD ? { ...s, lon: s.lon + 0.03 } : s));
  const moved = create(there);
  expect(moved.restore(detector.snapshot())).toEqual([BAD]);
  const smoke = {
    ...placeOf({ lon: stations[12]?.lon ?? 0, lat: stations[12]?.lat ?? 0 }),
    from: 830,
    to: 890,
    rate: 15,
  };
  const world: World = { ...quiet, stations: there, fires: [{ ...smoke, east: smoke.east + 0.03 * 96_486 + 200 }] };
  const sent = episodesOf(decide(moved, world, 800, 930)).filter((e) => e.kind === "local" && e.confirmedAt !== null);
  for (const episode of sent) expect(episode.evidence?.stationId).not.toBe(BAD);
});

test("a county of two stations decides by its own history, and says so", () => {
  const two = stations.slice(0, 2);
  const world: World = { ...quiet, stations: two, fires: [fire] };
  const local = episodesOf(decide(create(two), world, 0, 900)).filter((e) => e.kind === "local");
  expect(local.length).toBeGreaterThan(0);
  for (const episode of local) expect(episode.evidence?.notes).toContain("uncorroborated");
  expect(decide(create(two), { ...quiet, stations: two }, 0, 2000).filter((e) => e.episode.confirmedAt)).toEqual([]);
});

test("a property that appears for a day gets flags and no case", () => {
  const list = stations.map((s) => (s.id === BAD ? { ...s, properties: [...s.properties, "so2" as const] } : s));
  const detector = create(list);
  for (const reading of readings({ ...quiet, stations: list }, 0, 2400)) {
    const minute = (reading.phenomenonTime - quiet.startMs) / 60_000;
    const appears = reading.stationId === BAD && minute > 600 && minute < 2040;
    detector.ingest(appears ? { ...reading, results: { ...reading.results, so2: 9 + (minute % 7) } } : reading);
  }
  const { episodes, quality } = detector.take();
  expect(episodes).toEqual([]);
  const flags = quality.flatMap((q) => (q.kind === "quality" && q.observedProperty === "so2" ? [q.flag] : []));
  expect(flags.at(-1)).toBe(9);
});

test("a hole of a week in the log is jumped, and what was learned stays", () => {
  const detector = create();
  decide(detector, quiet, 0, 800);
  const before = detector.counters.ticks;
  decide(detector, quiet, 800 + 7 * 1440, 800 + 7 * 1440 + 200);
  expect(detector.counters.ticks - before).toBeLessThan(1440);
  const fire = { east: 4500, north: 3500, from: 800 + 7 * 1440 + 200, to: 800 + 7 * 1440 + 260, rate: 15 };
  const events = decide(detector, { ...quiet, fires: [fire] }, fire.from, fire.to + 40);
  expect(events.some((e) => e.episode.kind === "local" && e.episode.confirmedAt !== null)).toBe(true);
});

test("any readings whatever leave the detector able to go on", () => {
  const strange = fc.record({
    stationId: fc.constantFrom("S-000", "S-012", "unknown", "__proto__"),
    phenomenonTime: fc.oneof(
      fc.integer({ min: -1e15, max: 1e15 }),
      fc.double(),
      fc.integer({ min: 0, max: 86_400_000 }),
    ),
    resultTime: fc.oneof(fc.double(), fc.integer({ min: 0, max: 1e13 })),
    results: fc.dictionary(
      fc.constantFrom("pm25", "co", "windSpeed", "windDirection", "relativeHumidity"),
      fc.double(),
    ),
  });
  fc.assert(
    fc.property(fc.array(strange, { maxLength: 60 }), (list) => {
      const detector = create();
      for (const reading of list) detector.ingest(reading);
      const events = decide(detector, quiet, 0, 30);
      expect(events.filter((e) => e.episode.kind === "local" && e.episode.confirmedAt !== null)).toEqual([]);
      expect(create().restore(detector.snapshot())).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
