import type { Position } from "geojson";
import type { Bounds } from "./cell-scheme.ts";
import type { Area } from "./division.ts";

/** The part of an area within a box, in square degrees. Sutherland and Hodgman's clipping leaves needless edges along
 *  the box when an area falls apart in it, but these enclose nothing, so that the area comes out right. */
export function areaWithin(area: Area, bounds: Bounds): number {
  const polygons = area.type === "Polygon" ? [area.coordinates] : area.coordinates;
  let sum = 0;
  for (const [outer = [], ...holes] of polygons) {
    sum += ringWithin(outer, bounds);
    for (const hole of holes) sum -= ringWithin(hole, bounds);
  }
  return sum;
}

export const boundsArea = ([west, south, east, north]: Bounds): number => (east - west) * (north - south);

function ringWithin(ring: readonly Position[], [west, south, east, north]: Bounds): number {
  let clipped = clip(ring, 0, west, 1);
  clipped = clip(clipped, 0, east, -1);
  clipped = clip(clipped, 1, south, 1);
  clipped = clip(clipped, 1, north, -1);
  return Math.abs(enclosed(clipped));
}

/** Keeps what lies on one side of a line: the coordinate `axis` over (side 1) or under (side -1) `limit`. */
function clip(ring: readonly Position[], axis: 0 | 1, limit: number, side: 1 | -1): Position[] {
  const kept: Position[] = [];
  let before = ring.at(-1);
  for (const corner of ring) {
    const inside = ((corner[axis] ?? 0) - limit) * side >= 0;
    if (before !== undefined && inside !== ((before[axis] ?? 0) - limit) * side >= 0)
      kept.push(crossing(before, corner, axis, limit));
    if (inside) kept.push(corner);
    before = corner;
  }
  return kept;
}

function crossing(a: Position, b: Position, axis: 0 | 1, limit: number): Position {
  const [aAlong = 0, bAlong = 0] = [a[axis], b[axis]];
  const [aAcross = 0, bAcross = 0] = [a[1 - axis], b[1 - axis]];
  const across = aAcross + ((bAcross - aAcross) * (limit - aAlong)) / (bAlong - aAlong);
  return axis === 0 ? [limit, across] : [across, limit];
}

/** Relative to the first corner: degrees are large against a cell, and their products would lose its digits. */
function enclosed(ring: readonly Position[]): number {
  const [originX = 0, originY = 0] = ring[0] ?? [];
  let twice = 0;
  let [beforeX = 0, beforeY = 0] = ring.at(-1) ?? [];
  for (const [x = 0, y = 0] of ring) {
    twice += (beforeX - originX) * (y - originY) - (x - originX) * (beforeY - originY);
    [beforeX, beforeY] = [x, y];
  }
  return twice / 2;
}
