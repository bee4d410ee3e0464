import type { Reading } from "@hotgrid/contracts";
import { readSeeds } from "@hotgrid/store";
import { expect, test } from "vitest";
import { unaccounted } from "../result-file.ts";
import { SEEDS_DIR, scenarioWith } from "../testing.ts";
import { fixedLimits, ownHistory } from "./baselines.ts";
import { evaluate } from "./evaluate.ts";
import { randomScenario } from "./random-scenario.ts";
import { gridOf } from "./run-scenario.ts";

/** 25 stations 2 km apart in Keqiao; a strong fire 500 m upwind of the middle one, a frozen sensor at a corner. */
const stations = Array.from({ length: 25 }, (_, i) => ({
  id: `E-${i}`,
  lon: 120.46 + 0.0208 * (i % 5),
  lat: 30.04 + 0.018 * Math.floor(i / 5),
}));
const scenario = scenarioWith({
  ...{ name: "short", stations, hours: 6, warmupHours: 24 },
  weather: [{ at: 0, windSpeed: 2, windDirection: 180, stability: "E", mixingHeight: 300 }],
  sources: [
    {
      id: "s1",
      lon: 120.5016,
      lat: 30.0715,
      heightMetres: 4,
      from: 1,
      to: 2.2,
      emission: { pm25: 9, pm10: 12, co: 80 },
    },
  ],
  faults: [
    { station: "E-0", kind: "flat-line", from: 0.5, to: 5 },
    { station: "E-24", kind: "duplicate", from: 0, to: 1 },
  ],
});
const seeds = { ...(await readSeeds(SEEDS_DIR)), dir: SEEDS_DIR };

test("a short evaluation: the fire is found, the frozen sensor is maintained, every reading is accounted for", () => {
  const progress: number[] = [];
  const { scenarios, table } = evaluate([scenario], seeds, (_name, done) => progress.push(done));
  const [result] = scenarios;
  if (!result) throw new Error("one scenario gives one result");
  expect(progress.at(-1)).toBe(1);
  expect(unaccounted(result.counts)).toBe(0);
  expect(result.counts.duplicate).toBeGreaterThan(50);
  expect(result.truth).toMatchObject({ sources: [{ id: "s1" }], faults: [{ station: "E-0" }, { station: "E-24" }] });
  const fire = result.episodes.find((episode) => episode.kind === "local" && episode.confirmedAt !== null);
  expect(fire?.stationIds).toContain("E-12");
  expect(fire?.startedAt).toMatch(/\+08:00$/);
  const ticket = result.tickets.find(({ episodeId }) => episodeId === fire?.id);
  expect(ticket?.officerId).toMatch(/\S/);
  expect(ticket?.division).toMatch(/^3306\d{8}$/);
  const value = (metric: string) => table.find((row) => row.metric.includes(metric))?.methods[0]?.value;
  expect(value("recall ≥ 80")).toBe(1);
  expect(value("recall of faults")).toBe(1);
  expect(value("ceiling")).toBe(1);
});

test("the same scenario gives the same result", () => {
  const once = () => JSON.stringify(evaluate([{ ...scenario, hours: 3 }], seeds, () => undefined));
  expect(once()).toBe(once());
});

test("a made-up scenario is determined by its seed, and has something of everything", () => {
  const grid = gridOf(seeds);
  const made = (seed: number) => randomScenario(seed, 10, seeds.stations, grid);
  expect(made(5)).toEqual(made(5));
  expect(made(5).sources).not.toEqual(made(6).sources);
  const { sources, faults, regional, interference, nuisance } = made(5);
  expect(sources).toHaveLength(150);
  for (const { lon, lat } of sources) expect(grid.locate(lon, lat)).not.toBeNull();
  expect(new Set(faults.map(({ kind }) => kind)).size).toBe(16);
  expect(new Set(faults.map(({ station }) => station)).size).toBe(faults.length);
  expect([regional.length, interference.length]).toEqual([3, 10]);
  expect(nuisance.map(({ kind }) => kind)).toEqual(["trucks", "cooking", "fireworks"]);
});

const minutes = (values: readonly number[]): Reading[] =>
  values.map((pm25, i) => ({ stationId: "A", phenomenonTime: i * 60_000, resultTime: i * 60_000, results: { pm25 } }));

test("fixed limits alarm once for a long exceedance, and again after a quiet half-hour", () => {
  const limits = fixedLimits();
  const long = [...Array(20).fill(30), ...Array(60).fill(120), ...Array(60).fill(30), ...Array(20).fill(120)];
  for (const reading of minutes(long)) limits.take(reading);
  expect(limits.episodes().map(({ startedAt }) => startedAt / 60_000)).toEqual([21, 141]);
});

test("own history alarms at a jump after it has learned, and not in steady air however dirty", () => {
  const alarms = (values: number[]) => {
    const baseline = ownHistory();
    for (const reading of minutes(values)) baseline.take(reading);
    return baseline.episodes().length;
  };
  const steady = (level: number, count: number) => Array.from({ length: count }, (_, i) => level + (i % 3));
  expect(alarms([...steady(30, 600), ...steady(90, 20)])).toBe(1);
  expect(alarms(steady(300, 1200))).toBe(0);
});
