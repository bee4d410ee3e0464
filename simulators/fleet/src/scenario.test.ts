import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readSeeds } from "@hotgrid/store";
import { expect, test } from "vitest";
import { parseScenario, readScenario } from "./scenario.ts";
import { stationsOf } from "./stations-of.ts";
import { run, SEEDS_DIR } from "./testing.ts";
import { createWorld } from "./world.ts";

/** The example of the interface's documentation. */
const EXAMPLE = {
  name: "night-burning-keqiao",
  seed: 7,
  start: "2026-11-20T18:00:00+08:00",
  hours: 12,
  warmupHours: 24,
  intervalSeconds: 60,
  stations: "shaoxing",
  weather: [
    {
      at: 0,
      windSpeed: 1.8,
      windDirection: 135,
      stability: "E",
      mixingHeight: 300,
      temperature: 11,
      relativeHumidity: 70,
    },
  ],
  background: { pm25: { mean: 38, diurnalAmplitude: 8, sigma: 4, correlationHours: 6, gradientPerKm: 0.05 } },
  regional: [{ from: 4, to: 11, property: "pm25", peak: 90, riseHours: 2 }],
  sources: [
    { id: "s1", lon: 120.49, lat: 30.11, heightMetres: 3, from: 5, to: 6.5, emission: { pm25: 4.0, pm10: 6.0 } },
  ],
  faults: [{ station: "HG-330602-017", kind: "flat-line", from: 3, to: 9 }],
  interference: [{ station: "HG-330603-004", kind: "misting", from: 2, to: 3 }],
};
const parse = (change: Record<string, unknown>) => () =>
  parseScenario(JSON.stringify({ ...EXAMPLE, ...change }), "s.json");

test("the documented example is a scenario", () => {
  expect(parse({})()).toMatchObject(EXAMPLE);
});

test("stations may be listed in the file", () => {
  expect(parse({ stations: [{ id: "A", lon: 120, lat: 30 }] })().stations).toHaveLength(1);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "an unknown fault is named with what there is",
    { faults: [{ ...EXAMPLE.faults[0], kind: "rust" }] },
    /faults\.0\.kind.*flat-line/s,
  ],
  ["a span must not end before it begins", { sources: [{ ...EXAMPLE.sources[0], to: 1 }] }, /sources\.0\.to.*after/s],
  ["a start needs its offset", { start: "2026-11-20T18:00:00" }, /start/],
  ["a field that nobody reads is a mistake", { sauces: [] }, /sauces/],
  ["a source emits something", { sources: [{ ...EXAMPLE.sources[0], emission: {} }] }, /sources\.0\.emission/],
  ["weather is in order of time", { weather: [EXAMPLE.weather[0], EXAMPLE.weather[0]] }, /weather.*rise/s],
  ["there is weather", { weather: [] }, /weather/],
])("%s", (_rule, change, message) => {
  expect(parse(change)).toThrow(message);
  expect(parse(change)).toThrow(/^s\.json: /);
});

test("what is not JSON says so with the file", () => {
  expect(() => parseScenario("{", "broken.json")).toThrow(/broken\.json: not JSON/);
});

test("every scenario that ships is valid, and named as its file", async () => {
  const folder = join(import.meta.dirname, "../../scenarios");
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".json"));
  expect(files).toContain("default.json");
  const seeds = { ...(await readSeeds(SEEDS_DIR)), dir: SEEDS_DIR };
  for (const file of files) {
    const scenario = await readScenario(join(folder, file));
    expect(`${scenario.name}.json`).toBe(file.split("/").at(-1));
    expect(stationsOf(scenario, seeds)).toHaveLength(seeds.stations.length);
  }
});

test("the demo's fire is seen by a station of its county for half an hour, within the first simulated hour", async () => {
  const scenario = await readScenario(join(import.meta.dirname, "../../scenarios/default.json"));
  const world = createWorld(scenario, (await readSeeds(SEEDS_DIR)).stations);
  run(world, 3 * 60 - world.firstMinute);
  const [fire] = world.truth().sources;
  const [best] = fire?.stations.toSorted((a, b) => b.minutesAbove[40] - a.minutesAbove[40]) ?? [];
  expect(best?.stationId).toMatch(/^HG-330603-/);
  expect(best?.minutesAbove[40]).toBeGreaterThanOrEqual(30);
  expect(Date.parse(best?.firstAt20 ?? "")).toBeLessThan(world.start + 3_600_000);
});

test("a scenario for other seeds, or with a fault of no station, is refused by name", async () => {
  const seeds = { ...(await readSeeds(SEEDS_DIR)), dir: SEEDS_DIR };
  expect(() => stationsOf(parse({ stations: "hangzhou" })(), seeds)).toThrow(/"hangzhou".*"shaoxing"/);
  expect(() => stationsOf(parse({ faults: [{ ...EXAMPLE.faults[0], station: "NOBODY" }] })(), seeds)).toThrow(/NOBODY/);
});
