import { difference } from "@turf/difference";
import { feature, featureCollection } from "@turf/helpers";
import { intersect } from "@turf/intersect";
import { union } from "@turf/union";
import type { Area } from "./division.ts";

/** Areas as sets; null is the empty one. */
export type MaybeArea = Area | null;

export function unionOf(areas: readonly MaybeArea[]): MaybeArea {
  const parts = areas.filter((area) => area !== null);
  if (parts.length < 2) return parts[0] ?? null;
  return union(featureCollection(parts.map((area) => feature(area))))?.geometry ?? null;
}

export function without(area: MaybeArea, holes: readonly MaybeArea[]): MaybeArea {
  const parts = holes.filter((hole) => hole !== null);
  if (area === null || parts.length === 0) return area;
  return difference(featureCollection([area, ...parts].map((part) => feature(part))))?.geometry ?? null;
}

export function common(a: MaybeArea, b: MaybeArea): MaybeArea {
  if (a === null || b === null) return null;
  return intersect(featureCollection([feature(a), feature(b)]))?.geometry ?? null;
}

/** Fills what an area encloses. */
export function withoutHoles(area: MaybeArea): MaybeArea {
  if (area === null) return null;
  if (area.type === "Polygon") return { type: "Polygon", coordinates: area.coordinates.slice(0, 1) };
  return { type: "MultiPolygon", coordinates: area.coordinates.map((rings) => rings.slice(0, 1)) };
}

/** 1e-6 degrees, about 0.1 m, that files stay small: far below a survey's error. Rings that collapse are dropped. */
export function rounded(area: Area): MaybeArea {
  const polygons = (area.type === "Polygon" ? [area.coordinates] : area.coordinates)
    .map((rings) =>
      rings
        .map((ring) => ring.map(([lon = 0, lat = 0]) => [Math.round(lon * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6]))
        .map((ring) => ring.filter((position, index) => index === 0 || String(position) !== String(ring[index - 1])))
        .filter((ring) => ring.length >= 4),
    )
    .filter((rings) => rings.length > 0);
  const [only] = polygons;
  if (only === undefined) return null;
  return polygons.length === 1
    ? { type: "Polygon", coordinates: only }
    : { type: "MultiPolygon", coordinates: polygons };
}
