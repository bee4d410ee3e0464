import { expect, test } from "vitest";
import { OpenHours } from "./open-hours.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (stationId: string, phenomenonTime: number) => ({
  ...{ stationId, phenomenonTime, resultTime: phenomenonTime },
  results: { pm25: 1 },
});
const hour = (station: string, from: number) => ({ station, from, to: from + HOUR, openDay: 0 });
const timesOf = (hours: OpenHours, station: string, from: number) =>
  hours.rowsOf(hour(station, from))?.map(({ time }) => time);

test("an hour is known where all of it was written here", () => {
  const hours = new OpenHours();
  hours.add("a", [at("a", 5 * MINUTE), at("a", HOUR + 2), at("a", HOUR + 1)], 0);
  expect(timesOf(hours, "a", 0)).toBeUndefined();
  expect(timesOf(hours, "a", HOUR)).toEqual([HOUR + 1, HOUR + 2]);
  hours.add("new", [at("new", 5)], undefined);
  expect(timesOf(hours, "new", 0)).toEqual([5]);
  expect(timesOf(hours, "unheard", 0)).toBeUndefined();
});

test("what is rolled up is let go", () => {
  const hours = new OpenHours();
  hours.add("a", [at("a", HOUR), at("a", 2 * HOUR)], 0);
  hours.ended("a", 2 * HOUR);
  expect(timesOf(hours, "a", HOUR)).toBeUndefined();
  expect(timesOf(hours, "a", 2 * HOUR)).toEqual([2 * HOUR]);
});

test("it remembers half a million readings, and no station beyond them", () => {
  const hours = new OpenHours();
  const many = Array.from({ length: 400_000 }, (_, i) => at("a", i));
  hours.add("a", many, undefined);
  hours.add("b", many, undefined);
  expect(timesOf(hours, "b", 0)).toBeUndefined();
  expect(timesOf(hours, "a", 0)).toHaveLength(400_000);
  hours.ended("a", HOUR);
  hours.add("c", many, undefined);
  expect(timesOf(hours, "c", 0)).toHaveLength(400_000);
});
