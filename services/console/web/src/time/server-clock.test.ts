import { expect, test } from "vitest";
import { demoClock, realClock, serverNow } from "./server-clock.ts";

const view = (speed: number) => ({ now: "2026-11-22T08:00:00+08:00", clock: { at: 0, wallAt: 0, speed } });
const start = Date.parse("2026-11-22T08:00:00+08:00");

test("a demo runs at its speed from when it was heard of", () => {
  const clock = demoClock(view(30), 5000);
  expect(serverNow(clock, 5000)).toBe(start);
  expect(serverNow(clock, 7000)).toBe(start + 60_000);
});

test("a paused demo stands still", () => {
  expect(serverNow(demoClock(view(0), 5000), 900_000)).toBe(start);
});

test("real time runs as fast as the page's own clock", () => {
  expect(serverNow(realClock(start, 100), 1100)).toBe(start + 1000);
});
