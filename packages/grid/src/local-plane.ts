import { EARTH_RADIUS_METRES, type LonLat } from "./distance-metres.ts";

/** East and north of an origin, m. */
export type XY = readonly [x: number, y: number];
/** A ring without the closing repetition of its first point. */
export type Ring = readonly XY[];

/** An equirectangular plane around a place: good to 0.5 % within 60 km, where shapes and areas of a city are drawn. */
export interface LocalPlane {
  toPlane(point: LonLat): XY;
  /** WGS-84 degrees, rounded to 1e-5 (about 1 m) so that files stay small and shared corners stay equal. */
  toDegrees(point: XY): [lon: number, lat: number];
}

const METRES_PER_DEGREE = (EARTH_RADIUS_METRES * Math.PI) / 180;
const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

export function createLocalPlane(origin: LonLat): LocalPlane {
  const metresPerLon = METRES_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180);
  return {
    toPlane: ({ lon, lat }) => [(lon - origin.lon) * metresPerLon, (lat - origin.lat) * METRES_PER_DEGREE],
    toDegrees: ([x, y]) => [round(origin.lon + x / metresPerLon), round(origin.lat + y / METRES_PER_DEGREE)],
  };
}
