import type { Polygon } from "geojson";
import type { LonLat } from "./distance-metres.ts";
import { createLocalPlane } from "./local-plane.ts";
import { voronoiRings } from "./voronoi-rings.ts";

/** How far the outer cells reach, m: beyond any county. */
const MARGIN_METRES = 200_000;

/** Voronoi cells of points (WGS-84 degrees) in their order, as polygons that reach far beyond the outermost points. */
export function voronoiAreas(points: readonly LonLat[]): Polygon[] {
  const [origin] = points;
  if (origin === undefined) return [];
  const plane = createLocalPlane(origin);
  const rings = voronoiRings(
    points.map((point) => plane.toPlane(point)),
    MARGIN_METRES,
  );
  return rings.map((ring) => {
    const corners = ring.map((corner) => plane.toDegrees(corner));
    return { type: "Polygon", coordinates: [[...corners, ...corners.slice(0, 1)]] };
  });
}
