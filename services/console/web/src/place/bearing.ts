export interface Point {
  readonly lon: number;
  readonly lat: number;
}

const RADIANS = Math.PI / 180;
/** Mean radius of the earth, m (IUGG). */
const EARTH_RADIUS_METRES = 6_371_009;

export type Octant = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Distance in metres and eighth of the compass (0 north, 2 east) from `a` to `b`. On a plane tangent at `a`: right to a
 *  metre at the few kilometres that matter here. */
export function bearing(a: Point, b: Point): { metres: number; octant: Octant } {
  const { east, north } = offsetMetres(a, b);
  const degrees = (Math.atan2(east, north) / RADIANS + 360) % 360;
  return { metres: Math.hypot(east, north), octant: (Math.round(degrees / 45) % 8) as Octant };
}

/** Metres east and north of `a` at which `b` lies. */
export function offsetMetres(a: Point, b: Point): { east: number; north: number } {
  return {
    east: (b.lon - a.lon) * RADIANS * Math.cos(a.lat * RADIANS) * EARTH_RADIUS_METRES,
    north: (b.lat - a.lat) * RADIANS * EARTH_RADIUS_METRES,
  };
}

/** 420 m, 1.3 km: no more digits than the estimate is worth. */
export function distanceText(metres: number): string {
  const rounded = Math.round(metres / 10) * 10;
  if (rounded < 1000) return `${rounded} m`;
  return `${(metres / 1000).toFixed(1)} km`;
}
