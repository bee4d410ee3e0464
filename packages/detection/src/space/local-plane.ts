/** Mean radius of the Earth, m (IUGG). */
const EARTH_RADIUS_METRES = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** Equirectangular plane around a latitude: metres east and north of (0, 0). Within 50 km of that latitude distances
 *  are right to 0.1 %, which is far below what a neighbourhood needs. */
export interface LocalPlane {
  x(lon: number): number;
  y(lat: number): number;
  lon(x: number): number;
  lat(y: number): number;
}

export function localPlane(latitude: number): LocalPlane {
  const north = EARTH_RADIUS_METRES * RADIANS;
  const east = north * Math.cos(latitude * RADIANS);
  return { x: (lon) => lon * east, y: (lat) => lat * north, lon: (x) => x / east, lat: (y) => y / north };
}
