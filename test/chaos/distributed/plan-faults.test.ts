import fc from "fast-check";
import { expect, test } from "vitest";
import { FAULT_KINDS, type FaultKind, planFaults } from "./plan-faults.ts";

const ALL = { kinds: new Set(FAULT_KINDS), stretch: 1, windowMs: 9000 };

test("the same seed is the same plan, another seed another one", () => {
  expect(planFaults({ seed: 7, ...ALL })).toEqual(planFaults({ seed: 7, ...ALL }));
  expect(planFaults({ seed: 7, ...ALL })).not.toEqual(planFaults({ seed: 8, ...ALL }));
});

test("a plan has three to six faults in the order of their begins, within the window, none twice at a member", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (seed) => {
      const faults = planFaults({ seed, ...ALL });
      const targets = faults.map(({ target }) => target);
      expect(faults.length).toBeGreaterThanOrEqual(3);
      expect(faults.length).toBeLessThanOrEqual(6);
      expect(new Set(targets).size).toBe(targets.length);
      expect(faults.map(({ atMs }) => atMs)).toEqual(faults.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
      expect(faults.every(({ atMs }) => atMs >= 0 && atMs <= 9000)).toBe(true);
    }),
  );
});

test("what the machine can't do is not planned, and fifty runs reach every kind that it can", () => {
  const kinds = new Set<FaultKind>(FAULT_KINDS.filter((kind) => !["cut", "lossy", "disk-full"].includes(kind)));
  const seeds = Array.from({ length: 50 }, (_, seed) => seed);
  const planned = (able: typeof kinds) =>
    new Set(seeds.flatMap((seed) => planFaults({ ...ALL, seed, kinds: able })).map(({ kind }) => kind));
  expect(planned(kinds)).toEqual(kinds);
  expect(planned(new Set(FAULT_KINDS))).toEqual(new Set(FAULT_KINDS));
});

test("long outages are the same faults, longer", () => {
  const [short, long] = [planFaults({ seed: 3, ...ALL }), planFaults({ seed: 3, ...ALL, stretch: 20 })];
  expect(long.map(({ forMs }) => Math.round(forMs / 20))).toEqual(short.map(({ forMs }) => forMs));
});
