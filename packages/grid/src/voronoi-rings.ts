import { featureCollection, point } from "@turf/helpers";
import { voronoi } from "@turf/voronoi";
import { signedArea } from "./dissolve.ts";
import type { Ring, XY } from "./local-plane.ts";

/** Rings of the Voronoi cells of distinct points (m), in their order and counter-clockwise, cut to a box around all of them.
 *  Neighbours share their corners to the last bit.
 *  @param margin how far the box reaches beyond the outermost points, m */
export function voronoiRings(points: readonly XY[], margin: number): Ring[] {
  const places = new Set(points.map((at) => at.join(" ")));
  if (places.size < points.length) throw new RangeError("two points share a place: move one of them");
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const box: [number, number, number, number] = [
    Math.min(...xs) - margin,
    Math.min(...ys) - margin,
    Math.max(...xs) + margin,
    Math.max(...ys) + margin,
  ];
  const cells = voronoi(featureCollection(points.map(([x, y]) => point([x, y]))), { bbox: box });
  return cells.features.map(({ geometry }) => {
    const ring = (geometry.coordinates[0] ?? []).slice(1).map(([x = 0, y = 0]): XY => [x, y]);
    return signedArea(ring) < 0 ? ring.reverse() : ring;
  });
}
