import type { DetectionRules } from "../rules/detection-rules.ts";
import { emissionEvidence } from "./emission.ts";
import type { Observation } from "./observation.ts";
import { isWithin, type SearchGrid } from "./search-grid.ts";
import { type Sightings, sightings } from "./sightings.ts";
import { type Transformed, transform } from "./transformed.ts";

/** Hypotheses about the wind's lasting error, in standard deviations, and about the source's strength, in steps of a
 *  factor. Ours: finer ones change nothing. */
const TURNS = [-2, -1, 0, 1, 2];
const STRENGTH_STEP = 2.5;
/** An emission is on or off in stretches of so many minutes. Ours. */
const STRETCH_MINUTES = 5;
/** A difference that no table holds: it counts as the worst. */
const BEYOND = Number.POSITIVE_INFINITY;
/** No single block counts for more than a miss by five standard deviations: one absurd minute must not decide. Ours. */
const WORST = 12.5;
/** A hit station other than that with the peak counts against a cell for no more than a miss by three standard
 *  deviations: its smoke may be somebody else's. Ours. */
const WORST_HIT = 4.5;

/** An increment below this share of sigma is none. Ours. */
const LEAST_RATIO = 0.1;
/** asinh(LEAST_RATIO e^(i / FINENESS)): a look-up is some ten times as fast, and off by 0.5 % at most. */
const FINENESS = 100;
const ASINH = Float64Array.from({ length: 25 * FINENESS }, (_, i) => Math.asinh(LEAST_RATIO * Math.exp(i / FINENESS)));

type Rules = DetectionRules["source"];

/** Probability of each cell that the source is there; 0 outside the searched disc. Bayes' rule over cells, errors of
 *  the wind's direction, strengths and times of emission, all but the cells summed out. A uniform prior over the
 *  disc. */
export function posterior(observation: Observation, grid: SearchGrid, rules: Rules): Float64Array {
  const seen = transform(observation);
  const log = new Float64Array(grid.cells).fill(Number.NEGATIVE_INFINITY);
  for (const turn of TURNS) {
    const radians = (turn * rules.turnDegrees * Math.PI) / 180;
    const shown = sightings(observation, grid, radians, rules);
    const scorer = new CellScorer(observation, seen, shown, rules);
    for (let cell = 0; cell < grid.cells; cell++) {
      if (isWithin(grid, cell)) log[cell] = logSum(log[cell] as number, scorer.score(cell) - 0.5 * turn * turn);
    }
  }
  const best = log.reduce((a, b) => Math.max(a, b));
  const p = log.map((l) => Math.exp(l - best));
  const sum = p.reduce((a, b) => a + b, 0);
  return p.map((v) => v / sum);
}

function logSum(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === Number.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

/** Half the square of a difference on the transformed scale, bounded. */
function missOf(difference: number, error: number): number {
  const deviations = difference / error;
  return Math.min(WORST, 0.5 * (deviations * deviations));
}

class CellScorer {
  readonly #seen: Transformed;
  readonly #shown: Sightings;
  readonly #rules: Rules;
  readonly #stay: number;
  readonly #strengths: readonly number[];
  /** Index into ASINH of each entry for 1 g/s. */
  readonly #index: Float32Array;
  /** Stretch of emission in which each entry's smoke left. */
  readonly #stretch: Int32Array;
  /** Per stretch of emission, the newest last. */
  readonly #gains: Float64Array;
  /** What a block counts: several hits err alike, with the wind, so together they count as the root of their number. */
  readonly #weight: number;
  readonly #expected: Float64Array;
  readonly #misses: Float64Array;
  /** Score of a cell of which no station would have seen anything. */
  readonly #unseen: number;

  constructor({ path }: Observation, seen: Transformed, shown: Sightings, rules: Rules) {
    this.#seen = seen;
    this.#shown = shown;
    this.#rules = rules;
    const count = 1 + Math.ceil(Math.log(rules.strongestGrams / rules.weakestGrams) / Math.log(STRENGTH_STEP));
    this.#strengths = Array.from({ length: count }, (_, i) => rules.weakestGrams * STRENGTH_STEP ** i);
    this.#index = shown.gain.map((gain, k) => {
      const sigma = seen.sigma[shown.of[k] as number] as number;
      return FINENESS * Math.log(gain / sigma / LEAST_RATIO);
    });
    const ticks = Math.max(1, (STRETCH_MINUTES * 60) / path.seconds);
    const oldest = shown.released.reduce((a, b) => Math.max(a, b), 0);
    this.#gains = new Float64Array(Math.floor(oldest / ticks) + 1);
    const last = this.#gains.length - 1;
    this.#stretch = new Int32Array(shown.released.map((released) => last - Math.floor(released / ticks)));
    this.#stay = Math.max(0.5, 1 - (ticks * path.seconds) / 60 / rules.emissionMinutes);
    this.#weight = rules.blockWeight / Math.sqrt(Math.max(1, seen.hits.length));
    this.#expected = new Float64Array(seen.hits.length);
    this.#misses = seen.value.map((value) => missOf(value, rules.plumeError));
    const { start } = shown;
    const empty = start.findIndex((from, cell) => from === start[cell + 1]);
    this.#unseen = empty < 0 ? Number.NaN : this.#scoreStrengths(empty);
  }

  /** Log-likelihood of what was seen, given a source in the cell, up to a constant. */
  score(cell: number): number {
    if (this.#shown.start[cell] === this.#shown.start[cell + 1]) return this.#unseen;
    return this.#scoreStrengths(cell);
  }

  #scoreStrengths(cell: number): number {
    let sum = Number.NEGATIVE_INFINITY;
    for (const strength of this.#strengths) {
      sum = logSum(sum, this.#scoreStrength(cell, strength, FINENESS * Math.log(strength) + 0.5));
    }
    return sum;
  }

  #scoreStrength(cell: number, strength: number, shift: number): number {
    const { gain, of, start } = this.#shown;
    const { value, smoke } = this.#seen;
    const [indices, stretches, gains, expected] = [this.#index, this.#stretch, this.#gains, this.#expected];
    const [misses, weight, error] = [this.#misses, this.#weight, this.#rules.plumeError];
    gains.fill(0);
    expected.fill(0);
    let [oldest, newest] = [gains.length - 1, 0];
    const end = start[cell + 1] as number;
    for (let k = start[cell] as number; k < end; k++) {
      const block = of[k] as number;
      const hit = smoke[block] as number;
      if (hit > 0) expected[hit - 1] = (expected[hit - 1] as number) + strength * (gain[k] as number);
      const index = Math.floor((indices[k] as number) + shift);
      if (index < 0) continue;
      const stretch = stretches[k] as number;
      const difference = index < ASINH.length ? (ASINH[index] as number) - (value[block] as number) : BEYOND;
      const better = (misses[block] as number) - missOf(difference, error);
      gains[stretch] = (gains[stretch] as number) + weight * better;
      if (stretch < oldest) oldest = stretch;
      if (stretch > newest) newest = stretch;
    }
    return emissionEvidence(gains, oldest, newest, this.#stay) - this.#unexplained();
  }

  /** What is left of the hits: the source must account for the mean of what each of them shows, of the nearest to the
   *  peak above all. */
  #unexplained(): number {
    return this.#seen.hits.reduce((sum, { blocks, mean, sigma }, i) => {
      const expected = Math.asinh((this.#expected[i] as number) / blocks / sigma);
      const miss = 0.5 * ((expected - mean) / this.#rules.meanError) ** 2;
      return sum + (i === 0 ? miss : Math.min(WORST_HIT, miss));
    }, 0);
  }
}
