import { type DivisionCode, divisionLevel } from "@hotgrid/contracts";
import { bbox } from "@turf/bbox";
import type { Position } from "geojson";
import { z } from "zod";
import { type BoundaryFault, type BoundaryProblem, CODE_PROPERTIES, fault } from "./boundary-problem.ts";
import { datumDoubt } from "./datum-doubt.ts";
import { distanceMetres } from "./distance-metres.ts";
import type { Area, Division } from "./division.ts";
import { gcj02ToWgs84 } from "./gcj02.ts";
import { selfCrossing } from "./self-crossing.ts";

export type BoundaryCrs = "GCJ-02" | "WGS-84";

export interface BoundaryImport {
  /** What can be taken, WGS-84, by division. */
  readonly areas: ReadonlyMap<DivisionCode, Area>;
  readonly problems: readonly BoundaryProblem[];
}

export interface BoundaryImportOptions {
  /** Datum of the file. */
  readonly crs: BoundaryCrs;
  readonly divisions: readonly Division[];
}

/** Features in a file, and positions in a feature: a country's villages, a coast in full detail. Ours. */
const FEATURE_LIMIT = 100_000;
const POSITION_LIMIT = 1_000_000;
/** An area whose middle is this far from its division's point belongs somewhere else, km. Ours: counties are 50 km wide. */
const FAR_METRES = 60_000;

const Coordinates = z.array(z.number()).min(2).max(4);
const Rings = z.array(z.array(Coordinates).max(POSITION_LIMIT)).min(1);
const Geometry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Polygon"), coordinates: Rings }),
  z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(Rings).min(1) }),
]);
const Feature = z.object({ properties: z.record(z.string(), z.unknown()).nullable(), geometry: z.unknown() });
const Collection = z.object({
  type: z.literal("FeatureCollection"),
  features: z.array(Feature).min(1).max(FEATURE_LIMIT),
});

/** Checks a GeoJSON of real boundaries and brings it to WGS-84. Changes nothing: replaceAreas() puts them into place. */
export function importBoundaries(geojson: unknown, { crs, divisions }: BoundaryImportOptions): BoundaryImport {
  const collection = Collection.safeParse(geojson);
  if (!collection.success) {
    const en = `not a GeoJSON FeatureCollection with areas: ${z.prettifyError(collection.error).slice(0, 300)}`;
    const message = { zh: `不是含行政区范围的 GeoJSON FeatureCollection:${en}`, en };
    return {
      areas: new Map(),
      problems: [{ kind: "not-geojson", severity: "error", feature: null, code: null, message }],
    };
  }
  const known = new Map(divisions.map((division) => [division.code, division]));
  const areas = new Map<DivisionCode, Area>();
  const problems: BoundaryProblem[] = [];
  for (const [feature, { properties, geometry }] of collection.data.features.entries()) {
    const code = codeOf(properties ?? {}, known);
    const result = areas.has(code ?? "") ? fault("repeated-code", code) : judge(geometry, code, properties, known, crs);
    if ("kind" in result) problems.push({ ...result, severity: "error", feature, code });
    else areas.set(code ?? "", result.area);
  }
  problems.push(...missingCodes(areas, divisions), ...datumDoubt(areas, divisions, crs));
  return { areas, problems };
}

function judge(
  geometry: unknown,
  code: DivisionCode | null,
  properties: Readonly<Record<string, unknown>> | null,
  known: ReadonlyMap<DivisionCode, Division>,
  crs: BoundaryCrs,
): BoundaryFault | { readonly area: Area } {
  if (code === null)
    return fault(
      "no-code",
      Object.keys(properties ?? {})
        .slice(0, 10)
        .join(", "),
    );
  const division = known.get(code);
  if (division === undefined) return fault("unknown-code", code);
  const decoded = Geometry.safeParse(geometry);
  if (!decoded.success) return fault("not-an-area", code);
  const polygons = decoded.data.type === "Polygon" ? [decoded.data.coordinates] : decoded.data.coordinates;
  for (const ring of polygons.flat()) {
    if (ring.length < 4 || String(ring[0]) !== String(ring.at(-1))) return fault("open-ring", code, ring[0]);
    const crossing = selfCrossing(ring);
    if (crossing !== null) return fault("self-crossing", code, crossing);
  }
  return placed(toWgs84(polygons, crs), division);
}

/** Whether an area lies where its division is. */
function placed(area: Area, division: Division): BoundaryFault | { readonly area: Area } {
  const [west = 0, south = 0, east = 0, north = 0] = bbox(area);
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  const swapped = Math.abs(lon) <= 90 && distanceMetres({ lon: lat, lat: lon }, division) < FAR_METRES;
  if (swapped) return fault("swapped-coordinates", division.code, [lon, lat]);
  const valid = Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  if (!valid || distanceMetres({ lon, lat }, division) > FAR_METRES)
    return fault("far-away", division.code, [lon, lat]);
  return { area };
}

function toWgs84(polygons: readonly (readonly (readonly Position[])[])[], crs: BoundaryCrs): Area {
  const convert = ([lon = 0, lat = 0]: Position): Position => (crs === "GCJ-02" ? gcj02ToWgs84(lon, lat) : [lon, lat]);
  const coordinates = polygons.map((rings) => rings.map((ring) => ring.map(convert)));
  const [only] = coordinates;
  return coordinates.length === 1 && only !== undefined
    ? { type: "Polygon", coordinates: only }
    : { type: "MultiPolygon", coordinates };
}

/** Codes come as text or number, and padded with zeros to 12 digits. */
function codeOf(
  properties: Readonly<Record<string, unknown>>,
  known: ReadonlyMap<DivisionCode, Division>,
): DivisionCode | null {
  const written = CODE_PROPERTIES.map((name) => properties[name]).find((value) => value !== undefined);
  if (typeof written !== "string" && typeof written !== "number") return null;
  const code = String(written).trim().slice(0, 32);
  const unpadded = [code, code.replace(/000$/, ""), code.replace(/000000$/, "")].find((candidate) =>
    known.has(candidate),
  );
  return unpadded ?? code;
}

function missingCodes(areas: ReadonlyMap<DivisionCode, Area>, divisions: readonly Division[]): BoundaryProblem[] {
  const levels = new Set([...areas.keys()].map(divisionLevel));
  const missing = divisions.filter(({ code, level }) => levels.has(level) && !areas.has(code));
  return missing.map(({ code, name }) => ({
    kind: "missing-code",
    severity: "warning",
    feature: null,
    code,
    message: {
      zh: `文件含同级区划,但缺少 ${name}(${code}):其范围仍为近似`,
      en: `the file has others of its level but not ${name} (${code}): its area stays approximate`,
    },
  }));
}
