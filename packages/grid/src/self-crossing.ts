import Flatbush from "flatbush";
import type { Position } from "geojson";

/** Where a ring crosses itself or runs back over itself, or null. Touching itself in one point is no harm: inside and
 *  outside stay clear.
 *  @param ring closed: its last position repeats the first */
export function selfCrossing(ring: readonly Position[]): Position | null {
  const edges = edgesOf(ring);
  if (edges.length < 3) return ring[0] ?? null;
  const tree = new Flatbush(edges.length);
  for (const [[ax, ay], [bx, by]] of edges)
    tree.add(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by));
  tree.finish();
  for (const [index, edge] of edges.entries()) {
    const [[ax, ay], [bx, by]] = edge;
    const box = [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)] as const;
    for (const other of tree.search(...box, (candidate) => candidate > index)) {
      const against = edges[other];
      if (against === undefined) continue;
      if (crosses(edge, against)) return [ax, ay];
    }
  }
  return null;
}

type XY = readonly [x: number, y: number];
type Edge = readonly [XY, XY];

/** Edges without those of no length: a position written twice is no crossing. */
function edgesOf(ring: readonly Position[]): Edge[] {
  const edges: Edge[] = [];
  for (let index = 1; index < ring.length; index++) {
    const [[ax = 0, ay = 0], [bx = 0, by = 0]] = [ring[index - 1] ?? [], ring[index] ?? []];
    if (ax !== bx || ay !== by)
      edges.push([
        [ax, ay],
        [bx, by],
      ]);
  }
  return edges;
}

/** Positive when c lies left of the line from a to b. */
const side = ([ax, ay]: XY, [bx, by]: XY, [cx, cy]: XY): number =>
  Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));

function crosses([a, b]: Edge, [c, d]: Edge): boolean {
  const [c1, d1, a1, b1] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (c1 === 0 && d1 === 0) return overlap(a, b, c, d);
  return c1 * d1 < 0 && a1 * b1 < 0;
}

/** Whether two edges on one line share more than a point. */
function overlap(a: XY, b: XY, c: XY, d: XY): boolean {
  const axis = Math.abs(b[0] - a[0]) > Math.abs(b[1] - a[1]) ? 0 : 1;
  const from = Math.max(Math.min(a[axis], b[axis]), Math.min(c[axis], d[axis]));
  return from < Math.min(Math.max(a[axis], b[axis]), Math.max(c[axis], d[axis]));
}
