import fc from "fast-check";
import { expect, test } from "vitest";
import { distanceMetres } from "./distance-metres.ts";
import { createGrid } from "./grid.ts";
import { box, squareCity } from "./testing.ts";

const grid = createGrid(squareCity());

test("a point resolves to its village and the three levels above", () => {
  expect(grid.locate(120.07, 30.01)).toMatchObject({
    village: "330602002002",
    town: "330602002",
    county: "330602",
    city: "330600",
  });
});

test("whatever lies in the city resolves to the village that holds it, and nothing outside does", () => {
  const lon = fc.double({ min: 119.9, max: 120.3, noNaN: true });
  const lat = fc.double({ min: 29.95, max: 30.05, noNaN: true });
  fc.assert(
    fc.property(lon, lat, (x, y) => {
      const place = grid.locate(x, y);
      const inside = x >= 120 && x <= 120.16 && y >= 30 && y <= 30.02;
      expect(place !== null).toBe(inside);
      if (place === null) return;
      const { lon: middle } = grid.lineage(place.village).at(-1) ?? { lon: 0 };
      expect(Math.abs(x - middle)).toBeLessThanOrEqual(0.01 + 1e-9);
      expect(grid.lineage(place.village).map(({ code }) => code)).toEqual([
        place.city,
        place.county,
        place.town,
        place.village,
      ]);
    }),
  );
});

test("on a shared border the lower code wins", () => {
  expect(grid.locate(120.04, 30.01)?.village).toBe("330602001002");
});

test("what no village holds, but the city does, belongs to the nearest village", () => {
  const { city, divisions, areas } = squareCity();
  const lake = new Map([...areas, ["330602001001", box(120, 30, 120.01, 30.02)] as const]);
  const withLake = createGrid({ city, divisions, areas: lake });
  expect(withLake.locate(120.012, 30.01)?.village).toBe("330602001001");
  expect(withLake.locate(120.019, 30.01)?.village).toBe("330602001002");
});

test.each([
  [Number.NaN, 30],
  [120, Number.POSITIVE_INFINITY],
])("%s %s is nowhere", (lon, lat) => expect(grid.locate(lon, lat)).toBeNull());

test("an unknown code has no lineage and no area", () => {
  expect(() => grid.lineage("330699")).toThrow(/330699 is not part of the grid/);
  expect(grid.area("330699")).toBeUndefined();
});

test("a parent that does not exist is refused with the division's code", () => {
  const { city, divisions, areas } = squareCity();
  const orphaned = divisions.filter(({ code }) => code !== "330602001");
  expect(() => createGrid({ city, divisions: orphaned, areas })).toThrow(/330602001001.*330602001/);
});

test.each<[string, number, number, number, number, number]>([
  ["one degree of latitude", 120, 30, 120, 31, 111_195],
  ["one degree of longitude at 30°", 120, 30, 121, 30, 96_297],
  ["the same place", 120, 30, 120, 30, 0],
])("%s is so many metres", (_rule, lonA, latA, lonB, latB, metres) => {
  expect(Math.round(distanceMetres({ lon: lonA, lat: latA }, { lon: lonB, lat: latB }))).toBe(metres);
});
