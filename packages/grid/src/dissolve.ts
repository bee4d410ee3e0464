import type { Area } from "./division.ts";

type Position = readonly [lon: number, lat: number];
const key = ([lon, lat]: Position): string => `${lon},${lat}`;

/** Twice the signed area of a ring in square degrees, positive when counter-clockwise. */
export function signedArea(ring: readonly Position[]): number {
  let sum = 0;
  for (const [index, [lon, lat]] of ring.entries()) {
    const [nextLon, nextLat] = ring[(index + 1) % ring.length] ?? [lon, lat];
    sum += lon * nextLat - nextLon * lat;
  }
  return sum;
}

/** The outline of a set of cells that share their corners exactly: an edge that two of them have in common is inside
 *  and vanishes, what is left are the outer rings and the holes.
 *  @param rings counter-clockwise, without the closing position */
export function dissolve(rings: readonly (readonly Position[])[]): Area {
  const outers: Position[][] = [];
  const holes: Position[][] = [];
  for (const ring of chain(outerEdges(rings))) (signedArea(ring) > 0 ? outers : holes).push(ring);
  const polygons = outers.map((outer) => [outer]);
  const smallestFirst = polygons.toSorted((a, b) => signedArea(a[0] ?? []) - signedArea(b[0] ?? []));
  for (const hole of holes)
    smallestFirst.find(([outer = []]) => hole.some((corner) => isInside(corner, outer)))?.push(hole);
  const coordinates = smallestFirst.toReversed().map((polygon) => polygon.map(close));
  const [only] = coordinates;
  return coordinates.length === 1 && only !== undefined
    ? { type: "Polygon", coordinates: only }
    : { type: "MultiPolygon", coordinates };
}

const close = (ring: readonly Position[]): [number, number][] =>
  [...ring, ...ring.slice(0, 1)].map(([lon, lat]) => [lon, lat]);

function outerEdges(rings: readonly (readonly Position[])[]): Map<string, Position[]> {
  const edges = new Map<string, readonly [Position, Position]>();
  for (const ring of rings)
    for (const [index, from] of ring.entries()) {
      const to = ring[(index + 1) % ring.length] ?? from;
      if (!edges.delete(`${key(to)} ${key(from)}`)) edges.set(`${key(from)} ${key(to)}`, [from, to]);
    }
  const next = new Map<string, Position[]>();
  for (const [from, to] of edges.values()) {
    const list = next.get(key(from));
    if (list === undefined) next.set(key(from), [to]);
    else list.push(to);
  }
  return next;
}

/** Where outlines touch in one corner the path crosses itself there: the loop is cut off as a ring of its own. */
function chain(next: Map<string, Position[]>): Position[][] {
  const rings: Position[][] = [];
  for (const start of next.keys()) {
    let path: { at: string; to: Position }[] = [];
    let at = start;
    for (let to = next.get(at)?.pop(); to !== undefined; to = next.get(at)?.pop()) {
      path.push({ at, to });
      at = key(to);
      const loop = path.findIndex((step) => step.at === at);
      if (loop === -1) continue;
      rings.push(path.slice(loop).map((step) => step.to));
      path = path.slice(0, loop);
    }
    if (path.length > 0) throw new RangeError(`the cells around ${at} do not share their corners: no closed outline`);
  }
  return rings;
}

function isInside([lon, lat]: Position, ring: readonly Position[]): boolean {
  let inside = false;
  for (const [index, [lonA, latA]] of ring.entries()) {
    const [lonB, latB] = ring[(index + 1) % ring.length] ?? [lonA, latA];
    if (latA > lat !== latB > lat && lon < ((lonB - lonA) * (lat - latA)) / (latB - latA) + lonA) inside = !inside;
  }
  return inside;
}
