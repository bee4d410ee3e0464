import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AQI_ITEMS,
  AQI_STANDARDS,
  type AqiItem,
  aqi,
  BREAKPOINTS,
  IAQI_STEPS,
  iaqi,
  type Pollutant,
  standardAt,
} from "./index.ts";

test.each<[string, AqiItem, number, number | null, number | null]>([
  ["the second step of PM2.5 is 60 since 2026, 75 before", "pm25_24h", 60, 100, 82],
  ["the second step of PM10 is 120 since 2026, 150 before", "pm10_24h", 120, 100, 85],
  ["a concentration is rounded before it is read", "pm25_24h", 35.4, 50, 50],
  ["a half is rounded to the even integer below", "pm25_24h", 34.5, 49, 49],
  ["a half is rounded to the even integer above", "pm25_24h", 35.5, 52, 52],
  ["carbon monoxide keeps one decimal", "co_24h", 2.1, 53, 53],
  ["a half of carbon monoxide goes to the even tenth", "co_24h", 2.05, 50, 50],
  ["the index is rounded up", "no2_1h", 1, 1, 1],
  ["above the last breakpoint it stays at 500", "o3_1h", 5000, 500, 500],
  ["SO2 1 h above 800 is 200, and was not computed", "so2_1h", 801, 200, null],
  ["O3 8 h above 800 is 300, and was not computed", "o3_8h", 801, 300, null],
  ["a negative value is not a concentration", "pm25_24h", -1, null, null],
  ["NaN is not a concentration", "pm25_24h", Number.NaN, null, null],
])("%s", (_rule, item, concentration, in2026, in2012) => {
  expect(iaqi(item, concentration, "HJ 633-2026")).toBe(in2026);
  expect(iaqi(item, concentration, "HJ 633-2012")).toBe(in2012);
});

test("the index never falls while the concentration rises, and meets every breakpoint", () => {
  const value = fc.double({ min: 0, max: 4000, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...AQI_ITEMS), fc.constantFrom(...AQI_STANDARDS), value, value, (item, by, a, b) => {
      const [low, high] = [iaqi(item, Math.min(a, b), by), iaqi(item, Math.max(a, b), by)];
      expect(low === null || high === null || low <= high).toBe(true);
    }),
  );
  for (const standard of AQI_STANDARDS)
    for (const item of AQI_ITEMS)
      for (const [step, concentration] of BREAKPOINTS[standard][item].entries())
        expect(iaqi(item, concentration, standard)).toBe(IAQI_STEPS[step]);
});

test("the standard goes by the date of the data in China", () => {
  expect(standardAt(Date.parse("2026-02-28T23:59:59+08:00"))).toBe("HJ 633-2012");
  expect(standardAt(Date.parse("2026-03-01T00:00:00+08:00"))).toBe("HJ 633-2026");
});

describe("AQI", () => {
  const clean = { pm25: 10, pm10: 20, so2: 5, no2: 10, co: 0.5, o3: 40 };
  test.each<[string, Parameters<typeof aqi>[1], Partial<ReturnType<typeof aqi>>]>([
    ["up to 50 nothing is a primary pollutant", clean, { aqi: 20, primary: [], publishable: true }],
    ["ties are all listed", { ...clean, pm25: 60, pm10: 120 }, { aqi: 100, primary: ["pm25", "pm10"] }],
    ["with a pollutant missing 100 or less is NA", { pm25: 60 }, { aqi: 100, publishable: false }],
    ["with a pollutant missing more than 100 is published", { pm25: 61 }, { aqi: 101, publishable: true }],
    ["of nothing there is no index", {}, { aqi: null, primary: [], publishable: false, category: null }],
  ])("%s", (_rule, concentrations, expected) => {
    expect(aqi("real-time", concentrations, "HJ 633-2026")).toMatchObject(expected);
  });

  test("the daily report reads the daily columns", () => {
    expect(aqi("daily", { ...clean, o3: 160 }, "HJ 633-2026").iaqi.o3).toBe(100);
    expect(aqi("real-time", { ...clean, o3: 160 }, "HJ 633-2026").iaqi.o3).toBe(50);
  });

  test("the category carries its official colour", () => {
    expect(aqi("daily", { pm25: 300 }, "HJ 633-2026").category).toMatchObject({ zh: "严重污染", colour: "#7e0023" });
  });
});

interface Case {
  readonly id: string;
  readonly fn: string;
  readonly input: { readonly item: string; readonly conc: number } & Partial<Record<Pollutant, number>>;
  readonly params: { readonly type?: string };
  readonly expected: unknown;
  readonly upstream_wrong?: boolean;
  readonly hj633_2012_correct?: number;
}

const vectors = resolve(import.meta.dirname, "../../../../shared/data/detection/aqi.json");
// The folder of shared test data stands beside the repository; a clone without it skips these.
describe.skipIf(!existsSync(vectors))("other implementations' vectors (../shared/data/detection/aqi.json)", () => {
  const cases: readonly Case[] = existsSync(vectors) ? JSON.parse(readFileSync(vectors, "utf8")).cases : [];
  const named = (name: string): Case[] => cases.filter(({ fn }) => fn === name);
  const index = ({ input }: Case): number | null => {
    const item = AQI_ITEMS.find((known) => known === input.item.toLowerCase());
    if (item === undefined) throw new Error(`unknown item ${input.item}`);
    return iaqi(item, input.conc, "HJ 633-2012");
  };

  test("all are there", () => expect(named("iaqi_cn_hj633_2012").length).toBe(86));

  test.each(named("iaqi_cn_hj633_2012").filter((c) => !c.upstream_wrong))("$id", (vector) => {
    expect(index(vector)).toBe(vector.expected);
  });

  // The upstream test read the 1 h column of SO2 for the 24 h mean: 150, 500 and 650 µg/m³.
  test.each(named("iaqi_cn_hj633_2012").filter((c) => c.upstream_wrong))("upstream is wrong about $id", (vector) => {
    expect(index(vector)).toBe(vector.hj633_2012_correct);
    expect(index(vector)).not.toBe(vector.expected);
  });

  test.each(named("aqi_cn_hj633_2012"))("$id", ({ input, expected }) => {
    const { iaqi: each, aqi: highest } = aqi("real-time", input, "HJ 633-2012");
    const { "PM2.5": pm25, PM10: pm10, SO2: so2, NO2: no2, CO: co, O3: o3 } = Object(expected).iaqi;
    expect({ aqi: highest, ...each }).toEqual({ aqi: Object(expected).aqi, pm25, pm10, so2, no2, co, o3 });
  });
});
