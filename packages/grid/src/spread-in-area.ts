import { bbox } from "@turf/bbox";
import { booleanPointInPolygon } from "@turf/boolean-point-in-polygon";
import type { LonLat } from "./distance-metres.ts";
import type { Area } from "./division.ts";
import { createLocalPlane, type XY } from "./local-plane.ts";
import { spreadPoints } from "./spread-points.ts";

/** Samples per point that a lattice over the area's box aims at; doubled until enough fall inside. Ours. */
const SAMPLES_PER_POINT = 60;
const FINEST_LATTICE = 4096;

/** Spreads as many points evenly over an area as are given, each near the one that it replaces where that fits: those
 *  inside stay, the others are placed. The same input gives the same points. */
export function spreadInArea(area: Area, given: readonly LonLat[]): LonLat[] {
  const [west = 0, south = 0, east = 0, north = 0] = bbox(area);
  const plane = createLocalPlane({ lon: (west + east) / 2, lat: (south + north) / 2 });
  const isInside = ({ lon, lat }: LonLat): boolean => booleanPointInPolygon([lon, lat], area, { ignoreBoundary: true });
  const staying = given.filter(isInside).map((point) => plane.toPlane(point));
  const count = given.length - staying.length;
  let side = Math.ceil(Math.sqrt(SAMPLES_PER_POINT * given.length));
  let samples: XY[] = [];
  for (; samples.length < count * 4 && side <= FINEST_LATTICE; side *= 2)
    samples = latticePoints(west, south, east, north, side)
      .filter(isInside)
      .map((point) => plane.toPlane(point));
  const placed = spreadPoints(
    samples.map((at) => ({ at, weight: 1 })),
    staying,
    count,
    countingSequence(),
  );
  let next = 0;
  return given.map((point) => {
    if (isInside(point)) return point;
    const [lon, lat] = plane.toDegrees(placed[next++] ?? [0, 0]);
    return { lon, lat };
  });
}

function latticePoints(west: number, south: number, east: number, north: number, side: number): LonLat[] {
  return Array.from({ length: side * side }, (_, index) => ({
    lon: west + ((index % side) + 0.5) * ((east - west) / side),
    lat: south + (Math.floor(index / side) + 0.5) * ((north - south) / side),
  }));
}

/** A low-discrepancy sequence in (0, 1) (multiples of the golden ratio): any fixed start will do for Lloyd's rounds. */
function countingSequence(): () => number {
  let count = 0;
  return () => (++count * 0.618033988749895) % 1 || 0.5;
}
