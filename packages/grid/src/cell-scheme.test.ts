import fc from "fast-check";
import { expect, test } from "vitest";
import { createCellScheme } from "./cell-scheme.ts";
import { distanceMetres } from "./distance-metres.ts";

const scheme = createCellScheme("330600", 30.004);
const place = fc.record({
  lon: fc.double({ min: 119, max: 122, noNaN: true }),
  lat: fc.double({ min: 29, max: 31, noNaN: true }),
});

test("a point lies in its 500 m cell, and this in its 3 km cell", () => {
  fc.assert(
    fc.property(place, ({ lon, lat }) => {
      const [fine, coarse] = scheme.idsAt(lon, lat);
      expect(fine.startsWith(`${coarse}-`)).toBe(true);
      const [west, south, east, north] = scheme.bounds(fine);
      const [left, bottom, right, top] = scheme.bounds(coarse);
      const slack = 1e-12;
      expect(west - slack <= lon && lon <= east + slack && south - slack <= lat && lat <= north + slack).toBe(true);
      expect(left <= west && east <= right && bottom <= south && north <= top).toBe(true);
    }),
  );
});

test("the centre of every cell has the cell's own id", () => {
  fc.assert(
    fc.property(place, ({ lon, lat }) => {
      const [fine] = scheme.idsAt(lon, lat);
      const [west, south, east, north] = scheme.bounds(fine);
      expect(scheme.idsAt((west + east) / 2, (south + north) / 2)[0]).toBe(fine);
    }),
  );
});

test("a 3 km cell is made of 36 cells of 500 m", () => {
  const [, coarse] = scheme.idsAt(120.6, 30);
  const [west, south, east, north] = scheme.bounds(coarse);
  const inner = 1e-9;
  const parts = [...scheme.touching([west + inner, south + inner, east - inner, north - inner], "fine")];
  expect(parts).toHaveLength(36);
  expect(parts.every((id) => id.startsWith(`${coarse}-`))).toBe(true);
  expect([...scheme.touching([west + inner, south + inner, east - inner, north - inner], "coarse")]).toEqual([coarse]);
});

test("sides are 500 m and 3 km at the reference latitude", () => {
  const [fine, coarse] = scheme.idsAt(120.6, 30);
  const sides = (id: string): [number, number] => {
    const [west, south, east, north] = scheme.bounds(id);
    return [
      distanceMetres({ lon: west, lat: 30 }, { lon: east, lat: 30 }),
      distanceMetres({ lon: west, lat: south }, { lon: west, lat: north }),
    ];
  };
  for (const side of sides(fine)) expect(side).toBeCloseTo(500, 3);
  for (const side of sides(coarse)) expect(side).toBeCloseTo(3000, 1);
});

test("moving the city's point by a street does not renumber its cells", () => {
  expect(createCellScheme("330600", 29.998).idsAt(120.6, 30.1)).toEqual(scheme.idsAt(120.6, 30.1));
});

test.each(["3305-R1C1", "3306-R1", "3306-R1C1-66", "3306-R1C1-1", "", "x".repeat(1000)])(
  "%s is no cell of 3306",
  (id) => {
    expect(() => scheme.bounds(id)).toThrow(/not a hotspot cell/);
  },
);
