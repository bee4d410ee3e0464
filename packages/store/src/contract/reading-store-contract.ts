import type { Reading, Results } from "@hotgrid/contracts";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Interval, ReadingStore, SeriesQuery, Statistic } from "../reading-store.ts";
import { expectedSeries, type Points } from "./rollup-oracle.ts";

export interface OpenedReadingStore {
  readonly store: ReadingStore;
  /** After `store` was closed: the same data, opened again. */
  reopen(): Promise<ReadingStore>;
  /** Removes the data; every store is closed. */
  dispose(): Promise<void>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Midnight in the contract's city: 2026-11-20T00:00:00+08:00. */
const MIDNIGHT = Date.UTC(2026, 10, 19, 16);
/** Runs of the property test, unless told: each writes a file or a database of its own. */
const RUNS = 40;
/** Of the property test, ms: hundreds of answers in each run. */
const PROPERTY_WITHIN_MS = 300_000;

const reading = (stationId: string, phenomenonTime: number, results: Results): Reading => ({
  stationId,
  phenomenonTime,
  resultTime: phenomenonTime,
  results,
});

/** What every adapter does. `open` gives an empty store with days at +08:00 and raw readings kept for 90 days. */
export function readingStoreContract(name: string, open: () => Promise<OpenedReadingStore>, runs = RUNS): void {
  describe(`the reading store's contract, ${name}`, () => {
    let opened: OpenedReadingStore;
    let store: ReadingStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(async () => {
      await store.close();
      await opened.dispose();
    });

    const query = (change: Partial<SeriesQuery>) =>
      store.series({
        stationId: "a",
        from: MIDNIGHT,
        to: MIDNIGHT + DAY,
        interval: "raw",
        properties: ["pm25"],
        limit: 1000,
        ...change,
      });

    test("an empty store has nothing", async () => {
      await store.ping();
      expect(await store.count()).toBe(0);
      expect((await store.latest()).size).toBe(0);
      expect(await query({})).toEqual({ times: [], properties: {}, truncated: false });
      expect(await store.append([])).toEqual({ stored: 0, duplicates: 0, expired: [] });
    });

    test("a second copy changes nothing, within a batch and across batches", async () => {
      const first = reading("a", MIDNIGHT, { pm25: 10 });
      const copy = reading("a", MIDNIGHT, { pm25: 99, pm10: 5 });
      expect(await store.append([first, copy])).toEqual({ stored: 1, duplicates: 1, expired: [] });
      expect(await store.append([copy])).toEqual({ stored: 0, duplicates: 1, expired: [] });
      expect(await store.count()).toBe(1);
      for (const interval of ["raw", "5m", "1h", "1d"] as const) {
        expect(await query({ interval, properties: ["pm25", "pm10"] })).toEqual({
          times: [MIDNIGHT],
          properties: { pm25: [10] },
          truncated: false,
        });
      }
    });

    test("what was stored is there after opening again", async () => {
      await store.append([reading("a", MIDNIGHT, { pm25: 10 }), reading("a", MIDNIGHT + MINUTE, { pm25: 20 })]);
      await store.close();
      store = await opened.reopen();
      await store.append([reading("a", MIDNIGHT + 2 * MINUTE, { pm25: 60 })]);
      expect(await store.count()).toBe(3);
      expect((await query({ interval: "5m" })).properties).toEqual({ pm25: [30] });
    });

    test("the latest reading is the one with the latest phenomenonTime, not the last to arrive", async () => {
      await store.append([reading("a", MIDNIGHT + MINUTE, { pm25: 2, noise: 50 }), reading("b", MIDNIGHT, { co: 1 })]);
      await store.append([reading("a", MIDNIGHT, { pm25: 1 })]);
      expect(Object.fromEntries(await store.latest())).toEqual({
        a: { phenomenonTime: MIDNIGHT + MINUTE, results: { pm25: 2, noise: 50 } },
        b: { phenomenonTime: MIDNIGHT, results: { co: 1 } },
      });
    });

    test("a series begins inclusive, ends exclusive, and has nulls where a property was not measured", async () => {
      await store.append([
        reading("a", MIDNIGHT - 1, { pm25: 1 }),
        reading("a", MIDNIGHT, { pm25: 2, pm10: 20 }),
        reading("a", MIDNIGHT + 1, { noise: 50 }),
        reading("a", MIDNIGHT + DAY - 1, { pm10: 30 }),
        reading("a", MIDNIGHT + DAY, { pm25: 4 }),
        reading("b", MIDNIGHT, { pm25: 5 }),
      ]);
      expect(await query({ properties: ["pm25", "pm10", "so2"] })).toEqual({
        times: [MIDNIGHT, MIDNIGHT + DAY - 1],
        properties: { pm25: [2, null], pm10: [20, 30] },
        truncated: false,
      });
    });

    test("a series is cut at its limit, from the beginning, and says so", async () => {
      await store.append([0, 1, 2].map((i) => reading("a", MIDNIGHT + i * HOUR, { pm25: i })));
      const all = [MIDNIGHT, MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR];
      for (const interval of ["raw", "1h"] as const) {
        expect(await query({ interval, limit: 3 })).toMatchObject({ times: all, truncated: false });
        expect(await query({ interval, limit: 2 })).toMatchObject({ times: all.slice(0, 2), truncated: true });
      }
    });

    test("a series that begins in the middle of an hour has that hour's newest readings", async () => {
      await store.append([reading("a", MIDNIGHT + 41 * MINUTE, { pm25: 7 })]);
      expect(await query({ interval: "5m", from: MIDNIGHT + 30 * MINUTE })).toMatchObject({
        times: [MIDNIGHT + 40 * MINUTE],
        properties: { pm25: [7] },
      });
    });

    test("a day begins at the city's midnight", async () => {
      await store.append([
        reading("a", MIDNIGHT - MINUTE, { pm25: 10 }),
        reading("a", MIDNIGHT, { pm25: 20 }),
        reading("a", MIDNIGHT + DAY - MINUTE, { pm25: 40 }),
      ]);
      expect(await query({ interval: "1d", from: MIDNIGHT - DAY })).toMatchObject({
        times: [MIDNIGHT - DAY, MIDNIGHT],
        properties: { pm25: [10, 30] },
      });
    });

    test("the mean of 350° and 20° is 5°, that of opposite winds is none, and 60 and 70 dB(A) make 67.4", async () => {
      await store.append([
        reading("a", MIDNIGHT, { windDirection: 350, noise: 60 }),
        reading("a", MIDNIGHT + MINUTE, { windDirection: 20, noise: 70 }),
        reading("a", MIDNIGHT + HOUR, { windDirection: 90, pm25: 1 }),
        reading("a", MIDNIGHT + HOUR + MINUTE, { windDirection: 270 }),
      ]);
      const { properties } = await query({ interval: "1h", properties: ["windDirection", "noise"] });
      expect(properties.windDirection?.[0]).toBeCloseTo(5, 6);
      expect(properties.windDirection?.[1]).toBeNull();
      expect(properties.noise?.[0]).toBeCloseTo(67.404, 3);
    });

    test("raw readings end before their rollups do; what comes for their time afterwards is expired", async () => {
      const old = reading("a", MIDNIGHT - 100 * DAY, { pm25: 10 });
      await store.append([old, reading("a", MIDNIGHT, { pm25: 20 })]);
      await store.retain(MIDNIGHT);
      const from = MIDNIGHT - 101 * DAY;
      expect(await query({ from })).toMatchObject({ times: [MIDNIGHT] });
      expect(await query({ from, interval: "1h" })).toMatchObject({ properties: { pm25: [10, 20] } });
      expect(await store.append([old])).toEqual({ stored: 0, duplicates: 0, expired: [old] });
      expect(await query({ from, interval: "1d" })).toMatchObject({ properties: { pm25: [10, 20] } });
      expect(await store.count()).toBe(2);
    });

    test("hourly means are of the hours with enough readings, each hour counting alike", async () => {
      const every = (minutes: number, hour: number, value: number, stationId = "a") =>
        Array.from({ length: 60 / minutes }, (_, i) =>
          reading(stationId, MIDNIGHT + hour * HOUR + i * minutes * MINUTE, { pm25: value }),
        );
      await store.append([
        ...every(1, -1, 1000),
        ...every(1, 0, 10),
        ...every(2, 1, 20),
        ...every(15, 2, 900),
        ...every(2, 3, 60),
        ...every(1, 4, 1000),
        ...every(2, 0, 7, "b"),
        ...every(2, 5, 1000, "b"),
        ...every(1, 0, 8, "not asked for"),
      ]);
      const span = { property: "pm25", from: MIDNIGHT, to: MIDNIGHT + 4 * HOUR } as const;
      const stations = [
        { stationId: "a", least: 30 },
        { stationId: "b", least: 30 },
        { stationId: "unknown", least: 1 },
      ];
      expect(Object.fromEntries(await store.hourlyMeans({ ...span, stations }))).toEqual({
        a: { hours: 3, mean: 30 },
        b: { hours: 1, mean: 7 },
      });
      expect((await store.hourlyMeans({ ...span, property: "no2", stations })).size).toBe(0);
      const strict = [
        { stationId: "a", least: 45 },
        { stationId: "b", least: 45 },
      ];
      expect(Object.fromEntries(await store.hourlyMeans({ ...span, stations: strict }))).toEqual({
        a: { hours: 1, mean: 10 },
      });
    });

    test("hourly means include the hour that a station wrote to last, also where late readings came for it", async () => {
      const minutes = Array.from({ length: 50 }, (_, i) => reading("a", MIDNIGHT + i * MINUTE, { pm25: 10 }));
      const stations = [{ stationId: "a", least: 45 }];
      const means = () => store.hourlyMeans({ property: "pm25", from: MIDNIGHT - HOUR, to: MIDNIGHT + HOUR, stations });
      await store.append(minutes.filter((_, i) => i !== 7).slice(0, 46));
      expect((await means()).get("a")).toEqual({ hours: 1, mean: 10 });
      await store.append([reading("a", MIDNIGHT + 7 * MINUTE, { pm25: 480 })]);
      expect((await means()).get("a")).toEqual({ hours: 1, mean: 20 });
      await store.append([reading("a", MIDNIGHT - HOUR, { pm25: 5000 }), ...minutes]);
      expect((await means()).get("a")?.hours).toBe(1);
    });

    const everyBucket = async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (run) => {
          const fresh = await open();
          try {
            await followsDefinition(fresh.store, run);
          } finally {
            await fresh.store.close();
            await fresh.dispose();
          }
        }),
        { numRuns: runs },
      );
    };
    test(
      "in whatever order, however often and however late readings come, every bucket is that of its readings",
      { timeout: PROPERTY_WITHIN_MS },
      everyBucket,
    );
  });
}

const stationIds = ["a", "b"] as const;
const someReading = fc
  .record({
    stationId: fc.constantFrom(...stationIds),
    // Few minutes of few hours, so that copies and shared buckets are common.
    phenomenonTime: fc
      .tuple(fc.integer({ min: -26, max: 26 }), fc.constantFrom(0, 1, 4, 5, 59))
      .map(([hour, minute]) => MIDNIGHT + hour * HOUR + minute * MINUTE),
    results: fc.record(
      {
        pm25: fc.double({ min: 0, max: 5000, noNaN: true }),
        windDirection: fc.integer({ min: 0, max: 71 }).map((x) => x * 5),
        noise: fc.integer({ min: 0, max: 120 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ stationId, phenomenonTime, results }) => reading(stationId, phenomenonTime, results));

/** Batches, and queries between them, which may roll up early what later changes. */
const steps = fc.array(
  fc.oneof({ weight: 4, arbitrary: fc.array(someReading, { maxLength: 30 }) }, fc.constant("query" as const)),
  {
    maxLength: 12,
  },
);

async function followsDefinition(store: ReadingStore, run: readonly (readonly Reading[] | "query")[]): Promise<void> {
  const given: Reading[] = [];
  for (const step of run) {
    if (step === "query") await pointsOf(store, "a", "pm25", "1d", "mean");
    else {
      await store.append(step);
      given.push(...step);
    }
  }
  for (const stationId of stationIds) {
    for (const property of ["pm25", "windDirection", "noise"] as const) {
      for (const [interval, statistic] of combinations) {
        const expected = expectedSeries(given, { stationId, property, interval, statistic });
        expectPoints(await pointsOf(store, stationId, property, interval, statistic), expected, property);
      }
    }
  }
}

const combinations: readonly (readonly [Interval, Statistic])[] = [
  ["raw", "mean"],
  ...(["5m", "1h", "1d"] as const).flatMap((interval) =>
    (["mean", "min", "max", "count"] as const).map((statistic) => [interval, statistic] as const),
  ),
];

async function pointsOf(
  store: ReadingStore,
  stationId: string,
  property: "pm25" | "windDirection" | "noise",
  interval: Interval,
  statistic: Statistic,
): Promise<Points> {
  const range = { from: MIDNIGHT - 3 * DAY, to: MIDNIGHT + 3 * DAY, limit: 10_000 };
  const { times, properties } = await store.series({
    stationId,
    properties: [property],
    interval,
    statistic,
    ...range,
  });
  return times.map((time, i) => [time, properties[property]?.[i] ?? null] as const);
}

function expectPoints(actual: Points, expected: Points, property: string): void {
  expect(actual.map(([time]) => time)).toEqual(expected.map(([time]) => time));
  for (const [i, [, value]] of expected.entries()) {
    const got = actual[i]?.[1] ?? null;
    if (got === null || value === null) expect(got).toBe(value);
    else if (property === "windDirection") expect(Math.abs(((got - value + 540) % 360) - 180)).toBeLessThan(1e-6);
    else expect(Math.abs(got - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  }
}
