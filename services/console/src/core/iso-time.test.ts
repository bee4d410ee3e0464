import fc from "fast-check";
import { expect, test } from "vitest";
import { isoWriter } from "./iso-time.ts";

test.each([
  ["an answer shows the city's time, not UTC", "+08:00", "2026-11-22T00:00:00Z", "2026-11-22T08:00:00+08:00"],
  [
    "milliseconds appear only where there are any",
    "+08:00",
    "2026-11-22T00:00:00.250Z",
    "2026-11-22T08:00:00.250+08:00",
  ],
  ["west of Greenwich the offset is subtracted", "-03:30", "2026-11-22T02:00:00Z", "2026-11-21T22:30:00-03:30"],
])("%s", (_rule, offset, at, expected) => {
  expect(isoWriter(offset)(Date.parse(at))).toBe(expected);
});

test("what is written reads back as the same instant", () => {
  const write = isoWriter("+08:00");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.parse("2100-01-01") }), (at) => {
      expect(Date.parse(write(at))).toBe(at);
    }),
  );
});

test("an offset that is none is refused", () => {
  expect(() => isoWriter("Asia/Shanghai")).toThrow(RangeError);
});
