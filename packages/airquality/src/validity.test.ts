import { expect, test } from "vitest";
import { isAreaValid, isSpanValid, readingsOfValidHour } from "./validity.ts";

test.each([
  ["a reading a minute: 45", 60, 45],
  ["one every five minutes: 9", 300, 9],
  ["one every 50 s: 54", 50, 54],
  ["one an hour: that one", 3600, 1],
  ["one in two hours: one", 7200, 1],
])("a valid hour has 45 of 60 minutes (%s)", (_rule, intervalSeconds, readings) => {
  expect(readingsOfValidHour(intervalSeconds)).toBe(readings);
});

test.each([
  ["27 days of 20 hours make a month", 540, 720, true],
  ["an hour less does not", 539, 720, false],
  ["a single hour is a span", 1, 1, true],
  ["no span is none", 0, 0, false],
])("%s", (_rule, validHours, hours, valid) => {
  expect(isSpanValid(validHours, hours)).toBe(valid);
});

test.each([
  ["three of four points", 3, 4, true],
  ["two of four are too few", 2, 4, false],
  ["two of three are enough", 2, 3, true],
  ["one of two is enough", 1, 2, true],
  ["one of three is too few", 1, 3, false],
  ["no points, no area", 0, 0, false],
])("%s", (_rule, validPoints, points, valid) => {
  expect(isAreaValid(validPoints, points)).toBe(valid);
});
