import type { XY } from "@hotgrid/grid";

/** Spacing of the lattice that towns are sampled with and the city is fenced with, m. Ours. */
export const LATTICE_METRES = 250;
/** Spacing of the coarse fence, and how far it stays from every known point, m: a town at the edge then reaches about
 *  half of that outwards. Ours, chosen so that the counties come out near their published areas (README). */
const FENCE_SPACING_METRES = 1500;
const FENCE_DISTANCE_METRES = 9500;
/** Fence points further than this from the city change nothing, m. */
const FENCE_DEPTH_METRES = 1500;

const distance = (a: XY, b: XY): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** A hexagonal lattice over a box around places, each point shaken by a tenth of the spacing so that no four lie on a
 *  circle (where a Voronoi corner would not be unique). */
export function lattice(places: readonly XY[], spacing: number, random: () => number): XY[] {
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
  const points: XY[] = [];
  const shake = (): number => (random() - 0.5) * 0.2 * spacing;
  const rowHeight = (spacing * Math.sqrt(3)) / 2;
  for (let row = 0; bottom + row * rowHeight <= top; row++)
    for (let x = left + (row % 2) * (spacing / 2); x <= right; x += spacing)
      points.push([x + shake(), bottom + row * rowHeight + shake()]);
  return points;
}

interface Fence {
  readonly fence: readonly XY[];
  /** Of points outside the city, those that stand near enough to it to shape its outline. */
  near(outside: readonly XY[], inside: readonly XY[]): XY[];
}

/** Points around places: those of a coarse lattice that are far from every place and connected with the outer rim, so
 *  that a wide valley between two towns stays inside. */
export function fenceAround(places: readonly XY[], random: () => number): Fence {
  const rim = FENCE_DISTANCE_METRES + 2 * FENCE_SPACING_METRES;
  const corners = places.flatMap(([x, y]): XY[] => [
    [x - rim, y - rim],
    [x + rim, y + rim],
  ]);
  const far = lattice(corners, FENCE_SPACING_METRES, random).filter((at) =>
    places.every((place) => distance(place, at) > FENCE_DISTANCE_METRES),
  );
  return { fence: connectedWithRim(far), near: nearEnough };
}

function connectedWithRim(far: readonly XY[]): XY[] {
  const rimmost = far.toSorted((a, b) => a[0] - b[0])[0];
  if (rimmost === undefined) return [];
  const reached = new Set([rimmost]);
  for (const at of reached)
    for (const other of far)
      if (!reached.has(other) && distance(at, other) < FENCE_SPACING_METRES * 1.5) reached.add(other);
  return [...reached];
}

function nearEnough(outside: readonly XY[], inside: readonly XY[]): XY[] {
  const cell = ([x, y]: XY, dx = 0, dy = 0): string =>
    `${Math.floor(x / FENCE_DEPTH_METRES) + dx},${Math.floor(y / FENCE_DEPTH_METRES) + dy}`;
  const occupied = new Set(inside.map((at) => cell(at)));
  const steps = [-1, 0, 1];
  return outside.filter((at) => steps.some((dx) => steps.some((dy) => occupied.has(cell(at, dx, dy)))));
}
