import type { SourceEstimate } from "@hotgrid/contracts";
import type { TickContext } from "../tick/context.ts";
import type { Cell } from "./cell.ts";

const PLACES = 3;
/** Mass of probability that is looked up on the map; the thin rest changes no ranking. Ours. */
const MASS = 0.95;

/** p ~ exp(sharpness (rho - rhoMax)) over the cells: the best one, the areas of 50 and 90 %, the likeliest divisions. */
export function likelyPlaces(context: TickContext, cells: readonly Cell[]): SourceEstimate | null {
  const { sharpness, cellMetres } = context.rules.source;
  const best = cells.reduce((a, b) => (b.score > a.score ? b : a));
  if (best.score <= 0) return null;
  const weighed = cells.map((cell) => ({ cell, p: Math.exp(sharpness * (cell.score - best.score)) }));
  const total = weighed.reduce((sum, w) => sum + w.p, 0);
  const ranked = weighed
    .map((w) => ({ cell: w.cell, p: w.p / total }))
    .sort((a, b) => b.p - a.p || a.cell.x - b.cell.x || a.cell.y - b.cell.y);
  const radius = (share: number) => Math.round(Math.sqrt((countUntil(ranked, share) * cellMetres ** 2) / Math.PI));
  const { plane } = context.network;
  return {
    lon: Math.round(plane.lon(best.x) * 1e5) / 1e5,
    lat: Math.round(plane.lat(best.y) * 1e5) / 1e5,
    radius50Metres: radius(0.5),
    radius90Metres: radius(0.9),
    divisions: likelyDivisions(context, ranked.slice(0, countUntil(ranked, MASS))),
  };
}

function countUntil(ranked: readonly { p: number }[], share: number): number {
  let sum = 0;
  let n = 0;
  while (n < ranked.length && sum < share) sum += ranked[n++]?.p ?? 0;
  return n;
}

function likelyDivisions(
  context: TickContext,
  ranked: readonly { cell: Cell; p: number }[],
): SourceEstimate["divisions"] {
  const { plane } = context.network;
  const towns = new Map<string, number>();
  const villages = new Map<string, number>();
  for (const { cell, p } of ranked) {
    const place = context.geography.locate(plane.lon(cell.x), plane.lat(cell.y));
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
