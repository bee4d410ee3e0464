import type { XY } from "./local-plane.ts";

/** A place that a point may stand for, with how much it counts (dimensionless, over 0). */
export interface Sample {
  readonly at: XY;
  readonly weight: number;
}

/** Lloyd's rounds: later ones move points by less than a tenth of their spacing. Ours. */
const ROUNDS = 25;

/** Spreads `count` points over samples so that each stands for about the same weight (Lloyd relaxation), beside
 *  points that are known and stay.
 *  @param random uniform in [0, 1), seeded by the caller so that the result repeats
 *  @returns the free points; throws RangeError on fewer samples than points. */
export function spreadPoints(
  samples: readonly Sample[],
  fixed: readonly XY[],
  count: number,
  random: () => number,
): XY[] {
  if (samples.length < count)
    throw new RangeError(`${count} points do not fit on ${samples.length} samples: sample more finely`);
  let free = draw(samples, count, random);
  for (let round = 0; round < ROUNDS; round++) free = relax(samples, fixed, free);
  return free;
}

/** Weighted draw without replacement (Efraimidis and Spirakis 2006). */
function draw(samples: readonly Sample[], count: number, random: () => number): XY[] {
  return samples
    .map(({ at, weight }) => ({ at, rank: random() ** (1 / weight) }))
    .sort((a, b) => b.rank - a.rank)
    .slice(0, count)
    .map(({ at }) => at);
}

function relax(samples: readonly Sample[], fixed: readonly XY[], free: readonly XY[]): XY[] {
  const points = [...fixed, ...free];
  const sums = points.map(() => ({ x: 0, y: 0, weight: 0 }));
  for (const { at, weight } of samples) {
    const sum = sums[nearest(at, points)];
    if (sum === undefined) continue;
    sum.x += at[0] * weight;
    sum.y += at[1] * weight;
    sum.weight += weight;
  }
  return free.map((point, index) => {
    const sum = sums[fixed.length + index];
    return sum === undefined || sum.weight === 0 ? point : [sum.x / sum.weight, sum.y / sum.weight];
  });
}

export function nearest([x, y]: XY, points: readonly XY[]): number {
  let best = -1;
  let bestSquare = Number.POSITIVE_INFINITY;
  for (let index = 0; index < points.length; index++) {
    const point = points[index];
    if (point === undefined) continue;
    const square = (point[0] - x) ** 2 + (point[1] - y) ** 2;
    if (square < bestSquare) [best, bestSquare] = [index, square];
  }
  return best;
}
