import { expect, test } from "vitest";
import { ticketIds } from "./ticket-id.ts";

const at = Date.parse("2026-11-22T23:30:00+08:00");

test("an id is short enough to be said on the phone, and starts with the city's local day", () => {
  expect(ticketIds({ id: "local-pm25-S1-abc", startedAt: at }, "+08:00")[0]).toMatch(/^261122-\d{4}$/);
  expect(ticketIds({ id: "local-pm25-S1-abc", startedAt: at + 3_600_000 }, "+08:00")[0]).toMatch(/^261123-/);
  expect(ticketIds({ id: "local-pm25-S1-abc", startedAt: at }, "-05:30")[0]).toMatch(/^261122-/);
});

test("the same episode gives the same candidates, longer and longer", () => {
  const ids = ticketIds({ id: "local-pm25-S1-abc", startedAt: at }, "+08:00");
  expect(ids).toEqual(ticketIds({ id: "local-pm25-S1-abc", startedAt: at }, "+08:00"));
  expect(ids.map((id) => id.length)).toEqual([11, 12, 13, 14, 15, 16]);
});

test("similar episodes spread: 300 of one minute need more than four digits in few cases", () => {
  const taken = new Set<string>();
  let longer = 0;
  for (let station = 0; station < 300; station++) {
    const free = ticketIds({ id: `local-pm25-HG-330602-${station}-abc`, startedAt: at }, "+08:00").find(
      (id) => !taken.has(id),
    );
    expect(free).toBeDefined();
    if (free !== undefined) taken.add(free);
    if (free?.length !== 11) longer++;
  }
  expect(longer).toBeLessThan(20);
});

test("an offset that is none is refused", () => {
  expect(() => ticketIds({ id: "x", startedAt: 0 }, "Asia/Shanghai")).toThrow("+08:00");
});
