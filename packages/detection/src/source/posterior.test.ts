import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRules } from "../rules/parse-rules.ts";
import { noFootprint, walkBack } from "./footprint.ts";
import type { Observation, WindPath } from "./observation.ts";
import { posterior as posteriorInSteps } from "./posterior.ts";
import { eastOf, northOf, type SearchGrid, searchGrid } from "./search-grid.ts";
import { wayBack } from "./way-back.ts";

const RULES = new URL("../../../../seeds/shaoxing/rules.json", import.meta.url);
const rules = parseRules(JSON.parse(readFileSync(RULES, "utf8"))).source;
const grid = searchGrid(rules.cellMetres, 3000);
const TICKS = 60;
const BLOCK = 3;
const SIGMA = 6;

/** All steps at once. */
function posterior(observation: Observation, on: SearchGrid, by: typeof rules): Float64Array {
  const steps = posteriorInSteps(observation, on, by);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Wind of 2 m/s from a bearing that swings by 20° within half an hour. */
function path(windFrom: number): WindPath {
  const angle = (i: number) => ((windFrom + 180 + 20 * Math.sin(i / 5)) * Math.PI) / 180;
  return {
    east: Float64Array.from({ length: TICKS }, (_, i) => 2 * Math.sin(angle(i))),
    north: Float64Array.from({ length: TICKS }, (_, i) => 2 * Math.cos(angle(i))),
    stability: Array.from({ length: TICKS }, () => "D" as const),
    seconds: 60,
  };
}

interface Seen {
  readonly x: number;
  readonly y: number;
  /** µg/m³ of a block, the newest first. */
  readonly smoke: (block: number) => number;
}
const observe = (seen: readonly Seen[], wind = path(180)): Observation => ({
  path: wind,
  blockTicks: BLOCK,
  receptors: seen.map(({ x, y, smoke }) => {
    const values = Float64Array.from({ length: TICKS / BLOCK }, (_, block) => smoke(block));
    return { x, y, hit: values.some((v) => v > 3 * SIGMA), seen: values, sigma: SIGMA };
  }),
});
const clean = () => 0;
const mass = (p: Float64Array, is: (x: number, y: number) => boolean) =>
  p.reduce((sum, v, cell) => sum + (is(eastOf(grid, cell), northOf(grid, cell)) ? v : 0), 0);
const best = (p: Float64Array) => {
  const cell = p.indexOf(Math.max(...p));
  return { x: eastOf(grid, cell), y: northOf(grid, cell) };
};

/** What a source shows at a place by the walk itself: whether the inversion inverts. */
function shownBy(source: { x: number; y: number }, wind: WindPath, rate: number) {
  const cell =
    (Math.round(source.x / grid.side) + grid.steps) * grid.width + Math.round(source.y / grid.side) + grid.steps;
  return (x: number, y: number) => (block: number) => {
    const print = noFootprint(grid);
    const tick = TICKS - 1 - block * BLOCK - Math.floor(BLOCK / 2);
    walkBack(wayBack(wind, tick, grid, rules), grid, { x, y }, 0, print);
    return rate * (print.gain[cell] as number);
  };
}

test("probabilities sum to 1, whatever was seen", () => {
  const values = fc.array(fc.oneof(fc.double({ min: -50, max: 5000, noNaN: true }), fc.constant(Number.NaN)), {
    minLength: TICKS / BLOCK,
    maxLength: TICKS / BLOCK,
  });
  fc.assert(
    fc.property(values, values, fc.integer({ min: 0, max: 359 }), (near, far, bearing) => {
      const seen = [
        { x: 0, y: 0, smoke: (b: number) => near[b] ?? 0 },
        { x: 900, y: -1200, smoke: (b: number) => far[b] ?? 0 },
      ];
      const p = posterior(observe(seen, path(bearing)), grid, rules);
      expect(p.every((v) => v >= 0)).toBe(true);
      expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }),
    { numRuns: 10 },
  );
});

test("smoke at one station comes from upwind of it", () => {
  const p = posterior(observe([{ x: 0, y: 0, smoke: () => 60 }]), grid, rules);
  expect(mass(p, (x, y) => y <= 0 && Math.abs(x) <= 500 - y)).toBeGreaterThan(0.9);
});

test("where a clean station stands between, the source is not behind it", () => {
  const hit = { x: 0, y: 0, smoke: () => 60 };
  const behind = (p: Float64Array) => mass(p, (_, y) => y < -1500);
  const alone = behind(posterior(observe([hit]), grid, rules));
  const watched = [-250, 0, 250].map((x) => ({ x, y: -1250, smoke: clean }));
  expect(behind(posterior(observe([hit, ...watched]), grid, rules))).toBeLessThan(0.3 * alone);
});

test("a source that swings over three stations is found to a cell, whatever its strength", () => {
  const source = { x: 250, y: -1500 };
  for (const rate of [0.5, 4, 30]) {
    const wind = path(180);
    const shown = shownBy(source, wind, rate);
    const stations = [
      { x: 0, y: 0 },
      { x: 700, y: 200 },
      { x: -600, y: 100 },
    ].map(({ x, y }) => ({ x, y, smoke: shown(x, y) }));
    const found = best(posterior(observe(stations, wind), grid, rules));
    expect(Math.hypot(found.x - source.x, found.y - source.y)).toBeLessThanOrEqual(2 * grid.side);
  }
});

test("a fire that was lit of late is found as well: the clean minutes before accuse nobody", () => {
  const source = { x: -250, y: -1000 };
  const wind = path(180);
  const shown = shownBy(source, wind, 4)(0, 0);
  const p = posterior(observe([{ x: 0, y: 0, smoke: (b) => (b < 8 ? shown(b) : 0) }], wind), grid, rules);
  expect(mass(p, (x, y) => Math.hypot(x - source.x, y - source.y) < 1000)).toBeGreaterThan(0.35);
});

test("a hit that is somebody else's smoke does not hide the source of the rest", () => {
  const source = { x: 250, y: -1500 };
  const wind = path(180);
  const shown = shownBy(source, wind, 4);
  const own = [
    { x: 0, y: 0 },
    { x: 700, y: 200 },
  ].map(({ x, y }) => ({ x, y, smoke: shown(x, y) }));
  const p = posterior(observe([...own, { x: -2000, y: -2200, smoke: () => 90 }], wind), grid, rules);
  expect(mass(p, (x, y) => Math.hypot(x - source.x, y - source.y) < 1000)).toBeGreaterThan(0.8);
});

test("turning the whole scene by a right angle turns the answer", () => {
  const of = (turned: boolean) => {
    const place = (x: number, y: number) => (turned ? { x: y, y: -x } : { x, y });
    const seen = [
      { ...place(0, 0), smoke: (b: number) => (b % 3 === 0 ? 10 : 50) },
      { ...place(500, 750), smoke: clean },
    ];
    return best(posterior(observe(seen, path(turned ? 270 : 180)), grid, rules));
  };
  const [straight, turned] = [of(false), of(true)];
  expect(Math.hypot(turned.x - straight.y, turned.y + straight.x)).toBeLessThanOrEqual(2 * grid.side);
});
