import type { DivisionCode } from "@hotgrid/contracts";
import { voronoiRings, type XY } from "@hotgrid/grid";
import { LATTICE_METRES } from "./fence.ts";

/** A known point of a town (then `code` is the town's) or of a village. */
export interface Site {
  readonly at: XY;
  readonly town: DivisionCode;
  readonly code: DivisionCode;
}

export const near = (a: XY, b: XY, metres: number): boolean => Math.hypot(a[0] - b[0], a[1] - b[1]) < metres;

/** Villages whose cell is not connected with the cell of their town's own point by cells of the same town. */
export function straysOf(sites: readonly Site[]): Site[] {
  const distinct = distinctPlaces(sites);
  const rings = voronoiRings(
    distinct.map(({ at }) => at),
    LATTICE_METRES,
  );
  const byEdge = new Map<string, number>();
  const neighbours = distinct.map((): number[] => []);
  for (const [index, ring] of rings.entries())
    for (const [corner, from] of ring.entries()) {
      const to = ring[(corner + 1) % ring.length] ?? from;
      const other = byEdge.get(`${to.join()} ${from.join()}`);
      if (other === undefined) byEdge.set(`${from.join()} ${to.join()}`, index);
      else if (distinct[other]?.town === distinct[index]?.town) {
        neighbours[other]?.push(index);
        neighbours[index]?.push(other);
      }
    }
  const reached = new Set(distinct.flatMap(({ code, town }, index) => (code === town ? [index] : [])));
  for (const index of reached) for (const other of neighbours[index] ?? []) reached.add(other);
  return distinct.filter((_, index) => !reached.has(index));
}

/** Towns first: a village at its town's very point adds nothing to the town's shape. */
function distinctPlaces(sites: readonly Site[]): Site[] {
  const distinct: Site[] = [];
  for (const site of sites.toSorted((a, b) => a.code.length - b.code.length))
    if (!distinct.some(({ at }) => near(at, site.at, 1))) distinct.push(site);
  return distinct;
}
