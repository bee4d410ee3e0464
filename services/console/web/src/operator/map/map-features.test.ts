import { expect, test } from "vitest";
import { exampleEpisode, exampleStation } from "../../example-views.ts";
import { bearing } from "../../place/bearing.ts";
import { NO_READING_COLOUR, readingCategory } from "./iaqi-colour.ts";
import { type Bounds, cellFeatures, divisionAreas, sourceFeatures, stationFeatures } from "./map-features.ts";

const at = Date.parse("2026-11-22T08:00:00+08:00");
const colour = (change: Parameters<typeof exampleStation>[0]) =>
  stationFeatures([exampleStation(change)], "pm25").features[0]?.properties?.["colour"];
const latest = (pm25: number) => ({ phenomenonTime: "2026-11-22T08:00:00+08:00", results: { pm25 } });

test.each<[string, number, number]>([
  ["35 is excellent", 35, 1],
  ["36 is good", 36, 2],
  ["61 is light pollution by the standard of 2026", 61, 3],
  ["beyond the table is the worst", 900, 6],
])("PM2.5: %s", (_rule, value, level) => {
  expect(readingCategory("pm25", value, at)?.level).toBe(level);
});

test("a gas sensor that drifts below zero shows clean air", () => {
  expect(readingCategory("no2", -5, at)?.level).toBe(1);
});

test("a station has the colour of its reading; offline, silent or without this property it is grey", () => {
  expect(colour({ latest: latest(20) })).toBe("#00e400");
  expect(colour({ latest: latest(20), online: false })).toBe(NO_READING_COLOUR);
  expect(colour({ latest: null })).toBe(NO_READING_COLOUR);
  expect(colour({ latest: { phenomenonTime: "2026-11-22T08:00:00+08:00", results: { pm10: 3 } } })).toBe(
    NO_READING_COLOUR,
  );
});

const cells = new Map<string, Bounds>([["3306-R1C2", [120, 30, 120.06, 30.06]]]);
const cornersOf = (cellId: string) => {
  const geometry = cellFeatures([exampleEpisode({ cellIds: [cellId] })], cells).features[0]?.geometry;
  return geometry?.type === "Polygon" ? [geometry.coordinates[0]?.[0], geometry.coordinates[0]?.[2]] : undefined;
};

test("a 3 km cell is its square, a 500 m cell the sixth of its row from the south and column from the west", () => {
  expect(cornersOf("3306-R1C2")).toEqual([
    [120, 30],
    [120.06, 30.06],
  ]);
  const [southWest, northEast] = cornersOf("3306-R1C2-05") ?? [];
  expect(southWest?.[0]).toBeCloseTo(120.05, 9);
  expect(southWest?.[1]).toBeCloseTo(30, 9);
  expect(northEast?.[0]).toBeCloseTo(120.06, 9);
  expect(northEast?.[1]).toBeCloseTo(30.01, 9);
});

test("a cell of which nothing is known is left out, and one that two episodes touch is drawn once", () => {
  expect(cellFeatures([exampleEpisode({ cellIds: ["3306-R9C9-11"] })], cells).features).toEqual([]);
  const twice = [exampleEpisode({ cellIds: ["3306-R1C2"] }), exampleEpisode({ id: "b", cellIds: ["3306-R1C2"] })];
  expect(cellFeatures(twice, cells).features).toHaveLength(1);
});

test("a source estimate is two closed circles of its radii", () => {
  const source = { lon: 120.5, lat: 30.1, radius50Metres: 345, radius90Metres: 598, divisions: [] };
  const { features } = sourceFeatures([exampleEpisode({ source }), exampleEpisode({ id: "b" })]);
  expect(features.map(({ properties }) => properties?.["share"])).toEqual([90, 50]);
  const inner = features[1]?.geometry;
  if (inner?.type !== "Polygon") throw new Error("not a polygon");
  const ring = inner.coordinates[0] ?? [];
  expect(ring[0]).toEqual(ring.at(-1));
  for (const [lon = 0, lat = 0] of ring) {
    const { metres } = bearing(source, { lon, lat });
    expect(Math.abs(metres - 345)).toBeLessThan(2);
  }
});

test("a division without an outline draws none", () => {
  const division = {
    code: "330602",
    name: "越城区",
    level: "county" as const,
    parent: "330600",
    lon: 0,
    lat: 0,
    approximate: true,
  };
  expect(divisionAreas([division]).features).toEqual([]);
  expect(divisionAreas([{ ...division, area: { type: "Polygon", coordinates: [] } }]).features).toHaveLength(1);
});
