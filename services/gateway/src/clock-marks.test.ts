import { ManualClock } from "@hotgrid/runtime";
import { expect, test } from "vitest";
import { markSilentMinutes } from "./clock-marks.ts";

const MINUTE = 60_000;

test("a city is marked after a whole minute without a reading, and not for the part of one in which the gateway started", async () => {
  const clock = new ManualClock(10 * MINUTE + 59_000);
  const stop = new AbortController();
  const heard = new Set<string>();
  const marks: [string, number][] = [];
  const cities = () => ["3306", "3301"];
  const marking = markSilentMinutes(clock, cities, heard, (city, at) => marks.push([city, at / MINUTE]), stop.signal);
  const pass = async (minute: number) => {
    clock.advanceTo(minute * MINUTE);
    await new Promise(setImmediate);
  };
  await pass(11);
  expect(marks).toEqual([]);
  heard.add("3306");
  await pass(12);
  expect(marks).toEqual([["3301", 12]]);
  await pass(13);
  expect(marks.slice(1)).toEqual([
    ["3306", 13],
    ["3301", 13],
  ]);
  stop.abort();
  await marking;
});
