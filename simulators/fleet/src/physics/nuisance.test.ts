import { expect, test } from "vitest";
import { Disturbance } from "./nuisance.ts";

/** Two hundred stations, two in each square of 2 km. */
const places = Array.from({ length: 200 }, (_, i) => ({ x: 2000 * (i >> 1) + 500 + 900 * (i % 2), y: 700 }));

/** Hours of the day in which kitchens smoke, within ten days: per station the earliest in the morning. */
function hoursOfSmoke(shiftMinutes?: number): { all: Set<number>; first: number[] } {
  const cooking = {
    kind: "cooking",
    from: 0,
    to: 240,
    perStationDay: 20,
    ...(shiftMinutes && { shiftMinutes }),
  } as const;
  const disturbance = new Disturbance(0, { seed: 8, nuisance: [cooking] }, places);
  const all = new Set<number>();
  const first = places.map(() => Number.POSITIVE_INFINITY);
  const levels = new Float64Array(places.length);
  for (let minute = 0; minute < 14_400; minute++) {
    const hour = (minute / 60) % 24;
    disturbance.step(minute, hour);
    disturbance.addTo(levels.fill(0), "pm25");
    for (const [s, level] of levels.entries()) {
      if (level === 0) continue;
      all.add(Math.floor(hour));
      first[s] = Math.min(first[s] ?? 0, hour);
    }
  }
  return { all, first };
}

test("kitchens cook at noon and in the evening", () => {
  expect([...hoursOfSmoke().all].toSorted((a, b) => a - b)).toEqual([11, 12, 13, 17, 18, 19, 20]);
});

test("with shifted hours each neighbourhood keeps its own, earlier or later by up to the given minutes", () => {
  const { all, first } = hoursOfSmoke(120);
  expect(Math.min(...all)).toBe(9);
  expect(Math.max(...all)).toBe(22);
  const pairs = first.flatMap((hour, s) => {
    const other = first[s + 1] ?? Number.POSITIVE_INFINITY;
    return s % 2 === 0 && Number.isFinite(hour) && Number.isFinite(other) ? [Math.abs(hour - other)] : [];
  });
  expect(pairs.length).toBeGreaterThan(0);
  expect(Math.max(...pairs)).toBeLessThan(0.5);
  expect(new Set(first.filter(Number.isFinite).map((hour) => Math.floor(2 * hour))).size).toBeGreaterThan(4);
});
