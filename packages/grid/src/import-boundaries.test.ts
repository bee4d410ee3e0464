import type { Geometry, Position } from "geojson";
import { expect, test } from "vitest";
import { distanceMetres } from "./distance-metres.ts";
import { gcj02ToWgs84 } from "./gcj02.ts";
import { importBoundaries } from "./import-boundaries.ts";
import { box, squareCity } from "./testing.ts";

const { divisions } = squareCity();
const village = box(120, 30, 120.02, 30.02);
const file = (...features: [properties: Record<string, unknown> | null, geometry: unknown][]) => ({
  type: "FeatureCollection",
  features: features.map(([properties, geometry]) => ({ type: "Feature", properties, geometry })),
});
const ring = (...positions: Position[]): Geometry => ({ type: "Polygon", coordinates: [positions] });

test.each<[string, Record<string, unknown>]>([
  ["as text", { code: "330602001001" }],
  ["as a number", { adcode: 330602001001 }],
  ["in the surveying office's field", { XZQDM: "330602001001" }],
])("a code is taken %s", (_form, properties) => {
  const { areas } = importBoundaries(file([properties, village]), { crs: "WGS-84", divisions });
  expect(areas.get("330602001001")).toEqual(village);
});

test("a code padded with zeros to twelve digits is that of its level", () => {
  const wide = box(120, 30, 120.08, 30.02);
  const { areas } = importBoundaries(file([{ code: "330602001000" }, village], [{ code: "330602000000" }, wide]), {
    crs: "WGS-84",
    divisions,
  });
  expect([...areas.keys()]).toEqual(["330602001", "330602"]);
});

const code = { code: "330602001001" };
test.each<[string, unknown, string]>([
  ["text is no GeoJSON", "hello", "not-geojson"],
  ["a collection without features is none", { type: "FeatureCollection", features: [] }, "not-geojson"],
  ["a feature needs a code", file([{ name: "x" }, village]), "no-code"],
  ["a feature needs properties", file([null, village]), "no-code"],
  ["a code must be known", file([{ code: "330699" }, village]), "unknown-code"],
  ["a point is no area", file([code, { type: "Point", coordinates: [120, 30] }]), "not-an-area"],
  ["nothing is no area", file([code, null]), "not-an-area"],
  [
    "a ring ends where it starts",
    file([code, ring([120, 30], [120.02, 30], [120.02, 30.02], [120, 30.02])]),
    "open-ring",
  ],
  ["three positions are no ring", file([code, ring([120, 30], [120.02, 30], [120, 30])]), "open-ring"],
  [
    "a ring does not cross itself",
    file([code, ring([120, 30], [120.02, 30.02], [120.02, 30], [120, 30.02], [120, 30])]),
    "self-crossing",
  ],
  ["longitude comes first", file([code, box(30, 120, 30.02, 120.02)]), "swapped-coordinates"],
  ["a division is not in another province", file([code, box(116, 40, 116.02, 40.02)]), "far-away"],
])("%s", (_rule, geojson, kind) => {
  const { areas, problems } = importBoundaries(geojson, { crs: "WGS-84", divisions });
  expect(areas.size).toBe(0);
  expect(problems).toMatchObject([{ kind, severity: "error" }]);
  expect(problems[0]?.message.zh).not.toBe("");
});

test("a second area of a division is left out, the first is taken", () => {
  const { areas, problems } = importBoundaries(file([code, village], [code, box(120, 30, 120.01, 30.01)]), {
    crs: "WGS-84",
    divisions,
  });
  expect(areas.get("330602001001")).toEqual(village);
  expect(problems.filter(({ severity }) => severity === "error")).toMatchObject([
    { kind: "repeated-code", feature: 1 },
  ]);
});

test("the others of a level that the file holds are listed as missing", () => {
  const { problems } = importBoundaries(file([{ code: "330602001" }, village]), { crs: "WGS-84", divisions });
  expect(problems.map(({ kind, code: missing }) => [kind, missing])).toEqual([
    ["missing-code", "330602002"],
    ["missing-code", "330603001"],
    ["missing-code", "330603002"],
  ]);
});

test("GCJ-02 is shifted back to WGS-84", () => {
  const { areas } = importBoundaries(file([code, village]), { crs: "GCJ-02", divisions });
  const [lon, lat] = areas.get("330602001001")?.coordinates[0]?.[0] ?? [];
  expect([lon, lat]).toEqual(gcj02ToWgs84(120, 30));
});

// Pairs that googollee/eviltransform (MIT) tests itself with: Shanghai, Shenzhen, Beijing.
test.each([
  [121.5272106, 31.1774276, 121.531541859215, 31.17530398364597],
  [113.912316, 22.543847, 113.9171764808363, 22.540796131694766],
  [116.377817, 39.911954, 116.38404722455657, 39.91334545536069],
])("%s %s comes back from GCJ-02 to within a metre", (lon, lat, gcjLon, gcjLat) => {
  const [backLon, backLat] = gcj02ToWgs84(gcjLon, gcjLat);
  expect(distanceMetres({ lon, lat }, { lon: backLon, lat: backLat })).toBeLessThan(1);
});

test("a file in the other datum raises a doubt once published points stand near its borders", () => {
  // Each point 300 m inside the eastern border of its village: undoing a shift that is not there moves
  // the village some 450 m to the west.
  const near = divisions.map((division) => ({ ...division, lon: division.lon + 0.007, pointKnown: true }));
  const areas = [...squareCity().areas].filter(([key]) => key.length === 12);
  const right = file(...areas.map(([key, area]): [Record<string, unknown>, unknown] => [{ code: key }, area]));
  const doubts = (crs: "GCJ-02" | "WGS-84"): string[] =>
    importBoundaries(right, { crs, divisions: near })
      .problems.filter(({ kind }) => kind === "wrong-datum")
      .map(({ kind }) => kind);
  expect([doubts("WGS-84"), doubts("GCJ-02")]).toEqual([[], ["wrong-datum"]]);
});
