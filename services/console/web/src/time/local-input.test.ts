import fc from "fast-check";
import { expect, test } from "vitest";
import { fromLocalInput, toLocalInput } from "./local-input.ts";

test("the city's time is shown, wherever the browser stands", () => {
  expect(toLocalInput(Date.parse("2026-11-22T00:00:30Z"), "+08:00")).toBe("2026-11-22T08:00");
});

test("what was shown means the same minute", () => {
  const minute = fc.integer({ min: 0, max: 60_000_000 }).map((n) => n * 60_000);
  fc.assert(
    fc.property(minute, fc.constantFrom("+08:00", "+00:00", "-03:30"), (at, offset) => {
      expect(Date.parse(fromLocalInput(toLocalInput(at, offset), offset) ?? "")).toBe(at);
    }),
  );
});

test.each(["", "2026-11-22", "2026-13-40T08:00", "tomorrow"])("%j is no moment", (text) => {
  expect(fromLocalInput(text, "+08:00")).toBeNull();
});
