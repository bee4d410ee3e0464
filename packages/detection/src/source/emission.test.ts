import { expect, test } from "vitest";
import { emissionEvidence } from "./emission.ts";

const evidence = (gains: number[], stay = 0.9) => emissionEvidence(Float64Array.from(gains), 0, gains.length - 1, stay);

test("nothing seen speaks neither for nor against", () => {
  expect(evidence([0, 0, 0, 0])).toBeCloseTo(0, 12);
});

test("one stretch is weighed by how likely it was on", () => {
  expect(evidence([2])).toBeCloseTo(Math.log(0.5 * Math.exp(2) + 0.5), 12);
});

test("a source lit of late loses little by the clean stretches before", () => {
  const late = evidence([-5, -5, -5, -5, 3, 3, 3]);
  expect(late).toBeGreaterThan(5);
  expect(late).toBeGreaterThan(-5 * 4 + 3 * 3);
});

test("on and off in turns costs more than on at a stretch", () => {
  expect(evidence([3, -3, 3, -3, 3])).toBeLessThan(evidence([-3, -3, 3, 3, 3]));
});

test("an overwhelming stretch does not overflow", () => {
  expect(Number.isFinite(evidence([1e6, -1e6, 0]))).toBe(true);
});
