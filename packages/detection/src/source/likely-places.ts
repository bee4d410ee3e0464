import type { SourceEstimate } from "@hotgrid/contracts";
import type { TickContext } from "../tick/context.ts";
import { eastOf, northOf, type SearchGrid } from "./search-grid.ts";

const PLACES = 3;
/** Mass of probability that is looked up on the map; the thin rest changes no ranking. Ours. */
const MASS = 0.95;

/** Metres of the network's plane. */
interface Point {
  readonly x: number;
  readonly y: number;
}
interface Likely extends Point {
  readonly p: number;
}
const metres = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** The place from which the source is nearest on average (the geometric median: steadier than the best cell), the radii
 *  around it that hold 50 and 90 %, and the likeliest towns and villages. `leader` is the station in the middle of the
 *  grid. */
export function likelyPlaces(
  context: TickContext,
  leader: number,
  grid: SearchGrid,
  probability: Float64Array,
): SourceEstimate | null {
  const { plane, x, y } = context.network;
  const ranked = Array.from(probability, (p, cell): Likely => {
    return { x: (x[leader] as number) + eastOf(grid, cell), y: (y[leader] as number) + northOf(grid, cell), p };
  })
    .filter(({ p }) => p > 0)
    .sort((a, b) => b.p - a.p || a.x - b.x || a.y - b.y);
  const [best] = ranked;
  if (!best) return null;
  const middle = geometricMedian(best, ranked, grid.side);
  return {
    lon: Math.round(plane.lon(middle.x) * 1e5) / 1e5,
    lat: Math.round(plane.lat(middle.y) * 1e5) / 1e5,
    radius50Metres: radiusOf(middle, ranked, 0.5, grid.side),
    radius90Metres: radiusOf(middle, ranked, 0.9, grid.side),
    divisions: likelyDivisions(context, ranked),
  };
}

/** Rounds of Weiszfeld's iteration: by then it moves by metres. Ours. */
const ROUNDS = 20;

/** Point with the least expected distance to the source (Weiszfeld 1937), from the best cell on. A distance below half
 *  a cell counts as that. */
function geometricMedian(best: Point, ranked: readonly Likely[], side: number): Point {
  let middle: Point = best;
  for (let round = 0; round < ROUNDS; round++) {
    let [sx, sy, weights] = [0, 0, 0];
    for (const there of ranked) {
      const weight = there.p / Math.max(side / 2, metres(there, middle));
      sx += weight * there.x;
      sy += weight * there.y;
      weights += weight;
    }
    middle = { x: sx / weights, y: sy / weights };
  }
  return middle;
}

/** Radius of the circle around a point that holds so much, m: at least half a cell. */
function radiusOf(middle: Point, ranked: readonly Likely[], share: number, side: number): number {
  let sum = 0;
  for (const there of ranked.toSorted((a, b) => metres(a, middle) - metres(b, middle))) {
    sum += there.p;
    if (sum >= share) return Math.round(Math.max(metres(there, middle), side / 2));
  }
  return 0;
}

function likelyDivisions(context: TickContext, ranked: readonly Likely[]): SourceEstimate["divisions"] {
  const { plane } = context.network;
  const towns = new Map<string, number>();
  const villages = new Map<string, number>();
  let looked = 0;
  for (const { x, y, p } of ranked) {
    if (looked >= MASS) break;
    looked += p;
    const place = context.geography.locate(plane.lon(x), plane.lat(y));
    if (!place) continue;
    towns.set(place.town, (towns.get(place.town) ?? 0) + p);
    villages.set(place.village, (villages.get(place.village) ?? 0) + p);
  }
  const likeliest = (codes: Map<string, number>) =>
    [...codes]
      .sort(([a, p], [b, q]) => q - p || (a < b ? -1 : 1))
      .slice(0, PLACES)
      .map(([code, p]) => ({ code, probability: Math.round(p * 1000) / 1000 }));
  return [...likeliest(towns), ...likeliest(villages)];
}
