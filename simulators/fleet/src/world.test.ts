import { PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { run, runScenario, scenarioWith, stationAt, stationGrid } from "./testing.ts";
import { createWorld, isoWithOffset, offsetOf } from "./world.ts";

const FIRE = { id: "s1", lon: 120.5, lat: 30.05, heightMetres: 3, from: 0.5, to: 1.5, emission: { pm25: 6, pm10: 9 } };
const METRES_PER_DEGREE = 111_195;
/** Stations this far north of the fire, m: downwind of it in a wind from the south. */
const downwind = (metres: number) => stationAt(`D${metres}`, FIRE.lon, FIRE.lat + metres / METRES_PER_DEGREE);

test("the same seed gives the same readings, another gives others", () => {
  const first = runScenario({ sources: [FIRE] }, stationGrid(4));
  expect(runScenario({ sources: [FIRE] }, stationGrid(4))).toEqual(first);
  expect(runScenario({ sources: [FIRE], seed: 2 }, stationGrid(4))).not.toEqual(first);
});

test("a fire changes nothing before it is lit, and nothing but the air", () => {
  const quiet = runScenario({}, stationGrid(4));
  const burning = runScenario({ sources: [FIRE] }, stationGrid(4));
  const before = quiet.filter((reading) => reading.sentAt < Date.parse("2026-11-20T18:30:00+08:00"));
  expect(burning.slice(0, before.length)).toEqual(before);
  expect(burning.map((reading) => reading.sentAt)).toEqual(quiet.map((reading) => reading.sentAt));
});

test("a source lit while the world runs burns as one in the file", () => {
  const written = createWorld(scenarioWith({ sources: [FIRE] }), [downwind(500)]);
  const lit = createWorld(scenarioWith(), [downwind(500)]);
  const first = [run(written, 10), run(lit, 10)];
  lit.light({ ...FIRE });
  expect(first[1]).toEqual(first[0]);
  for (let minute = 10; minute < 120; minute++) expect(lit.readingsAt(minute)).toEqual(written.readingsAt(minute));
});

test("the plume thins out with distance, and upwind there is none", () => {
  const world = createWorld(scenarioWith({ sources: [FIRE] }), [
    downwind(300),
    downwind(1000),
    downwind(4000),
    downwind(-800),
  ]);
  run(world);
  const peak = Object.fromEntries(world.truth().sources[0]?.stations.map((s) => [s.stationId, s.peak]) ?? []);
  expect(peak["D300"]).toBeGreaterThan(peak["D1000"] ?? Number.POSITIVE_INFINITY);
  expect(peak["D1000"]).toBeGreaterThan(peak["D4000"] ?? Number.POSITIVE_INFINITY);
  expect(peak["D4000"]).toBeGreaterThan(0);
  expect(peak["D-800"]).toBeUndefined();
});

test("the truth says when a station first gained 20 µg/m³, and how long", () => {
  const world = createWorld(scenarioWith({ sources: [FIRE] }), [downwind(500)]);
  run(world);
  const [station] = world.truth().sources[0]?.stations ?? [];
  expect(station?.firstAt20).toMatch(/^2026-11-20T18:3\d:00\+08:00$/);
  expect(station?.minutesAbove[20]).toBeGreaterThan(station?.minutesAbove[80] ?? 99);
  expect(station?.increments.filter((increment) => increment >= 20)).toHaveLength(station?.minutesAbove[20] ?? -1);
});

test("every value is one that the gateway takes", () => {
  const nuisance = (["trucks", "cooking", "fireworks"] as const).map((kind) => ({ kind, from: 0, to: 3 }));
  const readings = runScenario({ nuisance, sources: [FIRE], intervalSeconds: 30 }, stationGrid(4));
  expect(readings.length).toBeGreaterThan(5000);
  for (const { results } of readings) {
    for (const [property, value] of Object.entries(results)) {
      const { min, max } = PROPERTY_DEFINITIONS[property as keyof typeof PROPERTY_DEFINITIONS];
      expect(value).toBeGreaterThanOrEqual(min);
      expect(value).toBeLessThanOrEqual(max);
    }
    expect(results.pm10).toBeGreaterThan((results.pm25 ?? 0) * 0.5);
  }
});

test("readings come in order of time, each station at its own second, about one in a hundred is missing", () => {
  const readings = runScenario({}, stationGrid(6));
  expect(readings.map((r) => r.sentAt)).toEqual(readings.map((r) => r.sentAt).toSorted((a, b) => a - b));
  const seconds = new Set(readings.filter((r) => r.station === 3).map((r) => r.sentAt % 60_000));
  expect(seconds.size).toBe(1);
  expect(readings.length / (36 * 180)).toBeGreaterThan(0.98);
  expect(readings.length / (36 * 180)).toBeLessThan(0.999);
});

test.each([20, 60, 150, 3600])("an interval of %i s is kept", (intervalSeconds) => {
  const times = runScenario({ intervalSeconds }, [downwind(0)]).map((reading) => reading.sentAt);
  expect(times.length).toBeGreaterThanOrEqual(Math.floor((0.95 * 3 * 3600) / intervalSeconds));
  for (const [i, time] of times.entries()) expect((time - (times[i - 1] ?? time)) % (intervalSeconds * 1000)).toBe(0);
});

test("a regional front reaches one side of the city before the other", () => {
  const stations = stationGrid(10);
  const regional = [{ from: 0.5, to: 3, property: "pm25", peak: 90, riseHours: 0.5, frontSpeed: 3 }];
  const readings = runScenario({ regional }, stations);
  const arrival = stations.map((_, s) => readings.find((r) => r.station === s && (r.results.pm25 ?? 0) > 85)?.sentAt);
  const known = arrival.filter((time) => time !== undefined);
  expect(known.length).toBeGreaterThan(80);
  expect(Math.max(...known) - Math.min(...known)).toBeGreaterThan(40 * 60_000);
});

test("times carry the city's offset", () => {
  expect(isoWithOffset(Date.parse("2026-11-20T10:00:00Z"), offsetOf("2026-11-20T18:00:00+08:00"))).toBe(
    "2026-11-20T18:00:00+08:00",
  );
  expect(isoWithOffset(Date.parse("2026-11-20T10:00:00.250Z"), offsetOf("x-03:30"))).toBe(
    "2026-11-20T06:30:00.250-03:30",
  );
  expect(offsetOf("2026-11-20T10:00:00Z")).toBe(0);
});
