import { expect, test } from "vitest";
import { cityTime } from "../../time/city-time.ts";
import { INTERVALS, RANGES, type Range, seriesPath } from "./series-query.ts";

const now = Date.parse("2026-11-22T08:00:00+08:00");

test("a day of readings up to now, in the city's time", () => {
  const path = seriesPath(
    "HG-1",
    { range: "24h", interval: "5m", properties: ["pm25", "o3"] },
    now,
    cityTime("+08:00"),
  );
  const { pathname, searchParams } = new URL(path, "http://x");
  expect(pathname).toBe("/stations/HG-1/readings");
  expect(Object.fromEntries(searchParams)).toEqual({
    from: "2026-11-21T08:00:00+08:00",
    to: "2026-11-22T08:00:01+08:00",
    interval: "5m",
    properties: "pm25,o3",
  });
});

/** Minutes of an interval; a station reports once a minute. */
const MINUTES = { raw: 1, "5m": 5, "1h": 60 } as const;

test.each(Object.keys(RANGES) as Range[])("%s never asks for more rows than the API gives at once", (range) => {
  for (const interval of INTERVALS[range]) expect(RANGES[range] / 60_000 / MINUTES[interval]).toBeLessThan(20_000);
});
