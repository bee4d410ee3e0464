import { readFileSync } from "node:fs";
import type { EpisodeEvent, Reading } from "@hotgrid/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createDetector, type Detector } from "./detector.ts";
import { parseRules } from "./rules/parse-rules.ts";
import { decide, geography, lattice, placeOf, random, readings, type World } from "./testing.ts";

const RULES = new URL("../../../seeds/shaoxing/rules.json", import.meta.url);
const rules = parseRules(JSON.parse(readFileSync(RULES, "utf8")));
const stations = lattice(5, 2000);
const create = (list = stations): Detector =>
  createDetector({ city: "330600", utcOffset: "+08:00", stations: list, rules, geography });

const middle = placeOf(stations[12] ?? { lon: 120.5, lat: 30 });
const LIT = 740;
const END = 840;
const fires = [{ east: middle.east + 500, north: middle.north - 500, from: LIT, to: LIT + 45, rate: 8 }];
const world: World = { seed: 3, stations, startMs: Date.UTC(2026, 10, 20, 4), fires };
const recording = [...readings(world, 0, END)];

function feed(detector: Detector, list: readonly Reading[]): EpisodeEvent[] {
  for (const reading of list) detector.ingest(reading);
  return detector.take().episodes;
}
const whole = create();
const expected = feed(whole, recording);
while (whole.locate());
expected.push(...whole.take().episodes);
const text = JSON.stringify(expected);

test("the fire of this world is confirmed, or the tests below prove nothing", () => {
  expect(expected.some((e) => e.episode.kind === "local" && e.episode.confirmedAt !== null)).toBe(true);
});

test("replay equals live byte for byte, after any splits and restarts, whenever sources are asked for", () => {
  // The quiet hours before are the same for all: one restart after them.
  const first = create();
  const quiet = recording.findIndex(({ phenomenonTime }) => phenomenonTime >= world.startMs + (LIT - 30) * 60_000);
  const before = feed(first, recording.slice(0, quiet));
  const learned = first.snapshot();
  const cuts = fc.array(fc.integer({ min: quiet + 1, max: recording.length - 1 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(cuts, (places) => {
      const bounds = [quiet, ...places.sort((a, b) => a - b), recording.length];
      let detector = create();
      expect(detector.restore(learned)).toEqual([]);
      const events = [...before];
      for (let i = 1; i < bounds.length; i++) {
        events.push(...feed(detector, recording.slice(bounds[i - 1], bounds[i])));
        for (let step = 0; step < (i % 3) * 200; step++) detector.locate();
        events.push(...detector.take().episodes);
        const bytes = detector.snapshot();
        detector = create();
        expect(detector.restore(bytes)).toEqual([]);
      }
      while (detector.locate());
      events.push(...detector.take().episodes);
      expect(JSON.stringify(events)).toBe(text);
      expect(detector.stateHash).toBe(whole.stateHash);
      expect(Buffer.from(detector.snapshot()).equals(Buffer.from(whole.snapshot()))).toBe(true);
    }),
    { numRuns: 6 },
  );
});

test("the order of the list of stations changes nothing", () => {
  const next = random(5);
  const shuffled = [...stations].sort(() => next() - 0.5);
  expect(JSON.stringify(feed(create(shuffled), recording))).toBe(text);
});

test("a second reading within the minute, whatever it says, changes nothing decided", () => {
  const doubled = recording.flatMap((reading) => [
    reading,
    { ...reading, phenomenonTime: reading.phenomenonTime + 4000, results: { ...reading.results, pm25: 900 } },
  ]);
  // The last seconds of a minute belong to the next one: only readings that stay within theirs are doubled.
  const inside = doubled.filter((r, i) => i % 2 === 0 || r.phenomenonTime % 60_000 >= 4000);
  const detector = create();
  expect(JSON.stringify(feed(detector, inside))).toBe(text);
  expect(detector.counters.surplus).toBeGreaterThan(10_000);
});

test("copies and late readings are counted and change nothing decided", () => {
  const noisy = recording.flatMap((reading, i) => {
    const extra: Reading[] = [];
    if (i % 3 === 0) extra.push(reading);
    // Ten minutes late, and absurd.
    const late = recording[i - 10 * stations.length];
    if (i % 50 === 0 && late) extra.push({ ...late, resultTime: reading.resultTime, results: { pm25: 800 } });
    return [reading, ...extra];
  });
  const detector = create();
  expect(JSON.stringify(feed(detector, noisy))).toBe(text);
  expect(detector.counters.late).toBeGreaterThan(100);
});

test("readings out of order within the allowed lateness change nothing decided", () => {
  const next = random(11);
  const shuffled = recording
    .map((reading) => ({ reading, at: reading.phenomenonTime + next() * 50_000 }))
    .sort((a, b) => a.at - b.at)
    .map(({ reading }) => reading);
  const end = (recording.at(-1)?.phenomenonTime ?? 0) + 300_000;
  const run = (list: readonly Reading[]) => {
    const detector = create();
    for (const reading of list) detector.ingest(reading);
    detector.advance(end);
    return JSON.stringify(detector.take().episodes);
  };
  expect(run(shuffled)).toBe(run(recording));
});

test.each<[string, number]>([
  ["from the start", 0],
  ["suddenly, in the middle", 780],
])("a constant added to all stations %s opens nothing", (_rule, from) => {
  const rng = fc.integer({ min: 20, max: 120 });
  fc.assert(
    fc.property(rng, (constant) => {
      const calm: World = { ...world, fires: [], regional: (minute) => (minute >= from ? constant : 0) };
      expect(decide(create(), calm, 0, END).filter((e) => e.episode.kind === "local")).toEqual([]);
    }),
    { numRuns: 2 },
  );
});
