import fc from "fast-check";
import { expect, test } from "vitest";
import { QueryTime } from "./query-time.ts";

const MORNING = Date.parse("2026-11-22T00:00:00Z");

test.each([
  ["with offset", "2026-11-22T08:00:00+08:00"],
  ["with its plus lost in the address", "2026-11-22T08:00:00 08:00"],
  ["in UTC", "2026-11-22T00:00:00Z"],
  ["as epoch milliseconds", String(MORNING)],
])("a time %s is taken", (_form, text) => {
  expect(QueryTime.parse(text)).toBe(MORNING);
});

test.each(["", "yesterday", "2026-11-22", "2026-11-22T08:00:00", "2026-13-01T00:00:00Z", "-5", "1e9", "9".repeat(16)])(
  "%j is refused",
  (text) => {
    expect(QueryTime.safeParse(text).success).toBe(false);
  },
);

test("no text makes it throw, and what it takes is a whole number", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const result = QueryTime.safeParse(text);
      if (result.success) expect(Number.isInteger(result.data)).toBe(true);
    }),
  );
});
