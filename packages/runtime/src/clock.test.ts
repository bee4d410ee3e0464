import { expect, test } from "vitest";
import { DemoClock, ManualClock } from "./clock.ts";

test("a demo clock runs at its speed and keeps its time when the speed changes", () => {
  let wall = 1000;
  const clock = new DemoClock(0, 30, () => wall);
  wall += 100;
  expect(clock.now()).toBe(3000);
  clock.setSpeed(0);
  wall += 100;
  expect(clock.now()).toBe(3000);
  clock.setSpeed(10);
  wall += 10;
  expect(clock.now()).toBe(3100);
});

test("whoever waits for a paused clock is woken by setting it", async () => {
  const clock = new DemoClock(0, 0);
  const woken = clock.until(60_000);
  clock.set({ at: 60_000, wallAt: Date.now(), speed: 0 });
  await expect(woken).resolves.toBeUndefined();
});

test("waiting ends with the signal", async () => {
  const stop = new AbortController();
  const waiting = new ManualClock(0).until(1, stop.signal);
  stop.abort(new Error("stopping"));
  await expect(waiting).rejects.toThrow("stopping");
});

test("waiting ends with the signal also where that comes at once after a change of the clock", async () => {
  const [manual, demo] = [new ManualClock(0), new DemoClock(0, 0)];
  const stop = new AbortController();
  const waiting = [manual, demo].map((clock) => clock.until(60_000, stop.signal));
  manual.advanceTo(1);
  demo.setSpeed(1);
  stop.abort(new Error("stopping"));
  for (const one of waiting) await expect(one).rejects.toThrow("stopping");
});

test("a manual clock never goes back", () => {
  const clock = new ManualClock(10);
  clock.advanceTo(5);
  expect(clock.now()).toBe(10);
});
