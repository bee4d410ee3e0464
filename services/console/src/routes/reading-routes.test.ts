import { ReadingSeries } from "@hotgrid/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import type { TestBrowser } from "../testing-browser.ts";

const MINUTE_MS = 60_000;
const STATION = "HG-330602-001";
const PATH = `/stations/${STATION}/readings`;

let city: TestConsole;
let viewer: TestBrowser;
beforeAll(async () => {
  city = await startTestConsole();
  viewer = await city.loggedIn("viewer");
  const minutes = Array.from({ length: 25 * 60 }, (_, n) => TEST_NOW - n * MINUTE_MS);
  await city.readings.append(
    minutes.map((at, n) => ({
      stationId: STATION,
      phenomenonTime: at,
      resultTime: at,
      results: n === 0 ? { pm25: 40.5 } : { pm25: 40, windSpeed: 2 },
    })),
  );
});
afterAll(() => city.close());

const at = (iso: string) => `from=${encodeURIComponent(iso)}`;

test("without a time it is the last 24 hours, with all that the station measures", async () => {
  const series = await viewer.read(PATH, ReadingSeries);
  expect(series).toMatchObject({ stationId: STATION, interval: "raw", truncated: false });
  expect(series.times).toHaveLength(24 * 60);
  expect(series.times.at(-1)).toBe("2026-11-22T08:00:00+08:00");
  expect(Object.keys(series.properties).toSorted()).toEqual(["pm25", "windSpeed"]);
  expect(series.properties.pm25?.at(-1)).toBe(40.5);
  expect(series.properties.windSpeed?.at(-1)).toBeNull();
});

test("from is inclusive, to is exclusive, only the properties asked for", async () => {
  const query = `from=${TEST_NOW - 2 * MINUTE_MS}&to=${TEST_NOW}&properties=windSpeed`;
  expect(await viewer.read(`${PATH}?${query}`, ReadingSeries)).toEqual({
    stationId: STATION,
    interval: "raw",
    times: ["2026-11-22T07:58:00+08:00", "2026-11-22T07:59:00+08:00"],
    properties: { windSpeed: [2, 2] },
    truncated: false,
  });
});

test("wider intervals are means at the interval's start", async () => {
  const series = await viewer.read(
    `${PATH}?${at("2026-11-22T06:00:00+08:00")}&interval=1h&properties=pm25`,
    ReadingSeries,
  );
  expect(series.times).toEqual(["2026-11-22T06:00:00+08:00", "2026-11-22T07:00:00+08:00", "2026-11-22T08:00:00+08:00"]);
  expect(series.properties.pm25).toEqual([40, 40, 40.5]);
});

describe("as CSV", () => {
  test("it has units in its header and opens in Excel", async () => {
    const query = `from=${TEST_NOW - MINUTE_MS}&properties=pm25,windSpeed`;
    const response = await viewer.get(`${PATH}?${query}`, { accept: "text/csv" });
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("content-disposition")).toBe(`attachment; filename="${STATION}-raw.csv"`);
    expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer())).toBe(
      "\uFEFFphenomenonTime,pm25 (µg/m³),windSpeed (m/s)\r\n" +
        "2026-11-22T07:59:00+08:00,40,2\r\n2026-11-22T08:00:00+08:00,40.5,\r\n",
    );
  });

  test("a browser that takes anything gets JSON", async () => {
    const response = await viewer.get(`${PATH}?from=${TEST_NOW}`, { accept: "*/*" });
    expect(response.headers.get("content-type")).toContain("application/json");
  });

  test("a column that was not measured is there and empty", async () => {
    const response = await viewer.get(`${PATH}?from=${TEST_NOW}&properties=no2`, { accept: "text/csv" });
    expect(await response.text()).toBe("phenomenonTime,no2 (µg/m³)\r\n");
  });
});

test.each([
  ["a span of raw readings longer than 8 days", `from=${TEST_NOW - 9 * 86_400_000}`],
  ["a span that ends before it begins", `from=${TEST_NOW}&to=${TEST_NOW - 1}`],
  ["an empty span", `from=${TEST_NOW}&to=${TEST_NOW}`],
  ["a date without time or offset", "from=2026-11-22"],
  ["an unknown interval", "interval=2h"],
  ["an unknown property", "properties=pm25,password"],
  ["no property", "properties="],
  ["a parameter that there is not", "form=1"],
])("%s is refused with the field and the remedy", async (_what, query) => {
  const problem = await viewer.refusal("GET", `${PATH}?${query}`);
  expect(problem).toMatchObject({ status: 422, field: expect.stringMatching(/^querystring/) });
  expect(problem.detailZh).not.toBe("");
});
