import type { Observation, Receptor } from "./observation.ts";

/** A station shows smoke in a block in which its increment exceeds so many sigma. Ours. */
const SHOWN = 2;

/** Blocks of all receptors in a row, on a scale on which an error of the sensor (small increments) and one of the plume
 *  (a factor) are alike: asinh of the increment over sigma. */
export interface Transformed {
  readonly value: Float64Array;
  readonly sigma: Float64Array;
  /** 1 + index of the hit receptor where it shows smoke in this block, else 0. */
  readonly smoke: Uint8Array;
  /** Per hit receptor with smoke: number of its blocks with smoke, asinh of their mean over sigma, sigma. */
  readonly hits: readonly { readonly blocks: number; readonly mean: number; readonly sigma: number }[];
}

export function transform({ receptors }: Observation): Transformed {
  const blocks = receptors[0]?.seen.length ?? 0;
  const value = new Float64Array(receptors.length * blocks);
  const sigma = new Float64Array(receptors.length * blocks);
  const smoke = new Uint8Array(receptors.length * blocks);
  const hits: { blocks: number; mean: number; sigma: number }[] = [];
  for (const [r, receptor] of receptors.entries()) {
    sigma.fill(receptor.sigma, r * blocks, (r + 1) * blocks);
    for (let b = 0; b < blocks; b++) value[r * blocks + b] = Math.asinh((receptor.seen[b] as number) / receptor.sigma);
    const shows = smokeOf(receptor);
    if (shows.length === 0) continue;
    const mean = shows.reduce((sum, b) => sum + (receptor.seen[b] as number), 0) / shows.length;
    hits.push({ blocks: shows.length, mean: Math.asinh(mean / receptor.sigma), sigma: receptor.sigma });
    for (const b of shows) smoke[r * blocks + b] = hits.length;
  }
  return { value, sigma, smoke, hits };
}

/** Blocks in which a hit receptor shows smoke. */
const smokeOf = ({ hit, seen, sigma }: Receptor): number[] =>
  hit ? [...seen.keys()].filter((b) => (seen[b] as number) > SHOWN * sigma) : [];
