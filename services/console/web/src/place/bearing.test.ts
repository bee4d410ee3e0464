import { expect, test } from "vitest";
import { bearing, distanceText, type Octant } from "./bearing.ts";
import { outlineRings } from "./outline-rings.ts";

const centre = { lon: 120.58, lat: 30 };
/** Degrees of a kilometre to the north and to the east at 30°. */
const NORTH = 1 / 111.195;
const EAST = NORTH / Math.cos(Math.PI / 6);

test.each<[string, number, number, Octant]>([
  ["north", 0, 1, 0],
  ["north-east", 1, 1, 1],
  ["east", 1, 0, 2],
  ["south", 0, -1, 4],
  ["west", -1, 0, 6],
  ["nearly north", -0.3, 1, 0],
  ["north-west", -0.5, 1, 7],
])("%s", (_name, east, north, octant) => {
  const there = { lon: centre.lon + east * EAST, lat: centre.lat + north * NORTH };
  const found = bearing(centre, there);
  expect(found.octant).toBe(octant);
  expect(found.metres / 1000).toBeCloseTo(Math.hypot(east, north), 2);
});

test.each<[number, string]>([
  [0, "0 m"],
  [424, "420 m"],
  [996, "1.0 km"],
  [1349, "1.3 km"],
])("%i m are told as %s", (metres, expected) => {
  expect(distanceText(metres)).toBe(expected);
});

test("outlines are the outer rings, of one polygon or of many", () => {
  const ring = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  const hole = [
    [0.1, 0.1],
    [0.2, 0.1],
    [0.2, 0.2],
    [0.1, 0.1],
  ];
  expect(outlineRings({ type: "Polygon", coordinates: [ring, hole] })).toEqual([ring]);
  expect(outlineRings({ type: "MultiPolygon", coordinates: [[ring], [hole]] })).toEqual([ring, hole]);
});

test.each([undefined, null, 7, {}, { type: "Point", coordinates: [1, 2] }, { type: "Polygon", coordinates: [["x"]] }])(
  "%j has no outline",
  (area) => {
    expect(outlineRings(area)).toEqual([]);
  },
);
