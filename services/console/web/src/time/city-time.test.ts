import fc from "fast-check";
import { expect, test } from "vitest";
import { cityTime, offsetMinutes } from "./city-time.ts";

const shaoxing = cityTime("+08:00");
const at = Date.parse("2026-11-22T16:30:05Z");

test("times are those of the city, wherever the browser stands", () => {
  expect(shaoxing.full(at)).toBe("2026-11-23 00:30:05");
  expect(shaoxing.short(at)).toBe("11-23 00:30");
  expect(shaoxing.iso(at)).toBe("2026-11-23T00:30:05+08:00");
  expect(cityTime("-03:30").full(at)).toBe("2026-11-22 13:00:05");
});

test("the day is left out on the same day of the city", () => {
  expect(shaoxing.brief(at, at + 3_600_000)).toBe("00:30");
  expect(shaoxing.brief(at, Date.parse("2026-11-22T15:00:00Z"))).toBe("11-23 00:30");
});

test("what the API is given is the second that was meant", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4e9 }),
      fc.constantFrom("+08:00", "-03:30", "+00:00", "+05:45"),
      (seconds, offset) => {
        expect(Date.parse(cityTime(offset).iso(seconds * 1000))).toBe(seconds * 1000);
      },
    ),
  );
});

test.each(["", "8", "+8:00", "Z", "+08:00 "])("%j is no offset", (offset) => {
  expect(() => offsetMinutes(offset)).toThrow(RangeError);
});
