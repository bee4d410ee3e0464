import fc from "fast-check";
import { expect, test } from "vitest";
import { areaWithin } from "./area-within.ts";
import { dissolve } from "./dissolve.ts";
import { voronoiRings } from "./voronoi-rings.ts";

const WORLD = [-1e6, -1e6, 1e6, 1e6] as const;
const points = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 5000 })), {
  minLength: 3,
  maxLength: 40,
  selector: ([x, y]) => `${x} ${y}`,
});

test("a union of cells covers what the cells cover, whichever are chosen", () => {
  fc.assert(
    fc.property(points, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (places, chosen) => {
      const cells = voronoiRings(places, 1000).filter((_, index) => chosen[index]);
      fc.pre(cells.length > 0);
      const single = cells.reduce((sum, cell) => sum + areaWithin(dissolve([cell]), WORLD), 0);
      expect(areaWithin(dissolve(cells), WORLD) / single).toBeCloseTo(1, 6);
    }),
  );
});

test("all cells together are the box around them", () => {
  const outline = dissolve(
    voronoiRings(
      [
        [0, 0],
        [100, 10],
        [50, 90],
      ],
      1000,
    ),
  );
  expect(outline.type).toBe("Polygon");
  expect(areaWithin(outline, WORLD)).toBeCloseTo(2100 * 2090, 3);
});

const square = (x: number, y: number, side = 1): [number, number][] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];

test("a ring of cells keeps its hole", () => {
  const around = [0, 1, 2].flatMap((x) => [0, 1, 2].map((y) => [x, y] as const)).filter(([x, y]) => x !== 1 || y !== 1);
  const outline = dissolve(around.map(([x, y]) => square(x, y)));
  expect(outline).toMatchObject({ type: "Polygon" });
  expect(outline.coordinates).toHaveLength(2);
  expect(areaWithin(outline, WORLD)).toBe(8);
});

test("cells that touch in a corner stay two", () => {
  expect(dissolve([square(0, 0), square(1, 1)])).toMatchObject({ type: "MultiPolygon" });
});

test("two points at one place are refused", () => {
  expect(() =>
    voronoiRings(
      [
        [1, 1],
        [1, 1],
      ],
      10,
    ),
  ).toThrow(/share a place/);
});
