import fc from "fast-check";
import { expect, test } from "vitest";
import { tickMs } from "./tick-length.ts";
import { Watermark } from "./watermark.ts";

const RULES = { lateness: 2, patience: 5, active: 15, quorum: 0.5, minority: 0.1 };
const create = (stations: number) => new Watermark(new Int32Array(stations).fill(Watermark.NEVER), RULES);

/** Closes what is due and returns the earliest tick that is still open. */
function settle(watermark: Watermark): number | null {
  while (watermark.isDue() && watermark.next !== null) watermark.moveTo(watermark.next + 1);
  return watermark.next;
}
function reportAll(watermark: Watermark, stations: number[], from: number, to: number): number | null {
  for (let tick = from; tick <= to; tick++) {
    for (const s of stations) watermark.observe(s, tick);
    settle(watermark);
  }
  return watermark.next;
}
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

test("a tick closes when the bulk is beyond it by the allowed lateness", () => {
  expect(reportAll(create(10), range(10), 100, 110)).toBe(108);
});

test("one fast clock can't push time on", () => {
  const watermark = create(10);
  reportAll(watermark, range(10), 100, 110);
  watermark.observe(0, 170);
  // The tenth of ten is one station: the gateway refuses clocks further ahead than the patience.
  const many = create(30);
  reportAll(many, range(30), 100, 110);
  many.observe(0, 170);
  many.observe(1, 170);
  expect(settle(many)).toBe(108);
});

test("one dead station can't hold time back", () => {
  const watermark = create(10);
  reportAll(watermark, range(10), 100, 110);
  expect(reportAll(watermark, range(9), 111, 130)).toBe(128);
});

test("where nine tenths fall silent at once, the rest carry time on with more patience", () => {
  const watermark = create(20);
  reportAll(watermark, range(20), 100, 110);
  expect(reportAll(watermark, [0, 1], 111, 120)).toBe(113);
});

test("the clock's mark moves time on in silence, and back never", () => {
  const watermark = create(3);
  reportAll(watermark, range(3), 100, 110);
  watermark.mark(200);
  watermark.mark(150);
  expect(settle(watermark)).toBe(201);
});

test("two stations: neither alone pushes time while both report", () => {
  const watermark = create(2);
  reportAll(watermark, [0, 1], 100, 104);
  watermark.observe(0, 106);
  expect(settle(watermark)).toBe(102);
});

test("any order of reports keeps counts that a recount confirms, and time never goes back", () => {
  const report = fc.record({ s: fc.integer({ min: 0, max: 7 }), tick: fc.integer({ min: 90, max: 160 }) });
  fc.assert(
    fc.property(fc.array(report, { maxLength: 200 }), (reports) => {
      const watermark = create(8);
      let next = Number.NEGATIVE_INFINITY;
      for (const { s, tick } of reports) {
        watermark.observe(s, tick);
        const due = watermark.isDue();
        watermark.recount();
        expect(watermark.isDue()).toBe(due);
        const now = settle(watermark) ?? Number.NEGATIVE_INFINITY;
        expect(now).toBeGreaterThanOrEqual(next);
        next = now;
      }
    }),
  );
});

test.each<[string, number[], number]>([
  ["a minute's network", [60, 60, 60], 60_000],
  ["every second: a minute still, the first reading decides", [1, 1, 1], 60_000],
  ["sensor.community", [150, 150, 145], 150_000],
  ["hourly", [3600, 3600], 3_600_000],
  ["a few slow stations don't slow the network", [60, 60, 60, 3600], 60_000],
  ["slower than an hour counts as hourly", [10_800], 3_600_000],
  ["no station", [], 60_000],
])("tick of %s", (_rule, intervals, ms) => expect(tickMs(intervals)).toBe(ms));
