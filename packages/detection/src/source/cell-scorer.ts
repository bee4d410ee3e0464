import type { DetectionRules } from "../rules/detection-rules.ts";
import { emissionEvidence } from "./emission.ts";
import type { Observation } from "./observation.ts";
import type { Sightings } from "./sightings.ts";
import type { Transformed } from "./transformed.ts";

/** Hypotheses about the source's strength go in steps of this factor. Ours: finer ones change nothing. */
const STRENGTH_STEP = 2.5;
/** An emission is on or off in stretches of so many minutes. Ours. */
const STRETCH_MINUTES = 5;
/** No single block counts for more than a miss by five standard deviations: one absurd minute must not decide. Ours. */
const WORST = 12.5;
/** A hit station other than that with the peak counts against a cell for no more than a miss by three standard
 *  deviations: its smoke may be somebody else's. Ours. */
const WORST_HIT = 4.5;

/** An increment below this share of sigma is none. Ours. */
const LEAST_RATIO = 0.1;
/** asinh(LEAST_RATIO e^(i / FINENESS)): a look-up is some ten times as fast, and off by 0.5 % at most. What is beyond its
 *  end is further off than any miss that counts. */
const FINENESS = 100;
const ASINH = Float64Array.from({ length: 25 * FINENESS }, (_, i) => Math.asinh(LEAST_RATIO * Math.exp(i / FINENESS)));

type Rules = DetectionRules["source"];

/** How well a source in a cell explains what was seen. */
export class CellScorer {
  readonly #shown: Sightings;
  readonly #seen: Transformed;
  readonly #meanError: number;
  readonly #stay: number;
  /** g/s, rising. */
  readonly #strengths: readonly number[];
  /** What a strength adds to an entry's place in the table of levels. */
  readonly #shifts: Float64Array;
  /** Place in the table of levels of each entry, for 1 g/s. */
  readonly #index: Float32Array;
  /** Stretch of emission in which each entry's smoke left, the newest last. */
  readonly #stretch: Int32Array;
  readonly #stretches: number;
  /** Levels and values of the blocks on a scale on which a miss is the square of the difference, `worst` at most. */
  readonly #levels: Float64Array;
  readonly #values: Float64Array;
  readonly #worst: number;
  /** Miss of each block where nothing is expected. */
  readonly #misses: Float64Array;
  /** Of a cell: what each stretch speaks for it, strength by strength. */
  readonly #gains: Float64Array;
  /** Of a cell: what each hit would show of 1 g/s. */
  readonly #expected: Float64Array;
  readonly #scores: Float64Array;
  /** Score of a cell of which no station would have seen anything. */
  readonly #unseen: number;

  constructor({ path }: Observation, seen: Transformed, shown: Sightings, rules: Rules) {
    this.#shown = shown;
    this.#seen = seen;
    this.#meanError = rules.meanError;
    const count = 1 + Math.ceil(Math.log(rules.strongestGrams / rules.weakestGrams) / Math.log(STRENGTH_STEP));
    this.#strengths = Array.from({ length: count }, (_, i) => rules.weakestGrams * STRENGTH_STEP ** i);
    this.#shifts = Float64Array.from(this.#strengths, (strength) => FINENESS * Math.log(strength) + 0.5);
    this.#index = placesOf(shown, seen, ASINH.length - 1 - (this.#shifts.at(-1) ?? 0));
    const ticks = Math.max(1, (STRETCH_MINUTES * 60) / path.seconds);
    const oldest = shown.released.reduce((a, b) => Math.max(a, b), 0);
    this.#stretches = Math.floor(oldest / ticks) + 1;
    this.#stretch = new Int32Array(shown.released.length);
    for (let k = 0; k < this.#stretch.length; k++) {
      this.#stretch[k] = this.#stretches - 1 - Math.floor((shown.released[k] as number) / ticks);
    }
    this.#stay = Math.max(0.5, 1 - (ticks * path.seconds) / 60 / rules.emissionMinutes);
    // Several hits err alike, with the wind, so together they count as the root of their number.
    const weight = rules.blockWeight / Math.sqrt(Math.max(1, seen.hits.length));
    const scale = Math.sqrt(0.5 * weight) / rules.plumeError;
    this.#levels = ASINH.map((level) => level * scale);
    this.#values = seen.value.map((value) => value * scale);
    this.#worst = weight * WORST;
    this.#misses = this.#values.map((value) => Math.min(this.#worst, value * value));
    this.#gains = new Float64Array(count * this.#stretches);
    this.#expected = new Float64Array(seen.hits.length);
    this.#scores = new Float64Array(count);
    const empty = shown.start.findIndex((from, cell) => from === shown.start[cell + 1]);
    this.#unseen = empty < 0 ? Number.NaN : this.#scoreAll(empty);
  }

  /** Log-likelihood of what was seen, given a source in the cell, up to a constant. All strengths are equally likely. */
  score(cell: number): number {
    return this.#shown.start[cell] === this.#shown.start[cell + 1] ? this.#unseen : this.#scoreAll(cell);
  }

  #scoreAll(cell: number): number {
    const [oldest, newest] = this.#gather(cell);
    let best = Number.NEGATIVE_INFINITY;
    for (const [s, strength] of this.#strengths.entries()) {
      const first = s * this.#stretches;
      const score =
        emissionEvidence(this.#gains, first + oldest, first + newest, this.#stay) - this.#unexplained(strength);
      this.#scores[s] = score;
      best = Math.max(best, score);
    }
    let sum = 0;
    for (const score of this.#scores) sum += Math.exp(score - best);
    return best + Math.log(sum);
  }

  /** Fills gains and expected; first and last stretch with an entry. */
  #gather(cell: number): [oldest: number, newest: number] {
    const { gain, of, start } = this.#shown;
    const { smoke } = this.#seen;
    const [indices, shifts, stretch, stretches] = [this.#index, this.#shifts, this.#stretch, this.#stretches];
    const [levels, values, misses, worst] = [this.#levels, this.#values, this.#misses, this.#worst];
    const [gains, expected] = [this.#gains.fill(0), this.#expected.fill(0)];
    let [oldest, newest] = [stretches - 1, 0];
    const end = start[cell + 1] as number;
    for (let k = start[cell] as number; k < end; k++) {
      const block = of[k] as number;
      const hit = smoke[block] as number;
      if (hit > 0) expected[hit - 1] = (expected[hit - 1] as number) + (gain[k] as number);
      const [index, value, miss] = [indices[k] as number, values[block] as number, misses[block] as number];
      let at = stretch[k] as number;
      if (at < oldest) oldest = at;
      if (at > newest) newest = at;
      for (let s = 0; s < shifts.length; s++, at += stretches) {
        const place = index + (shifts[s] as number);
        if (place < 0) continue;
        const difference = (levels[Math.floor(place)] as number) - value;
        gains[at] = (gains[at] as number) + miss - Math.min(worst, difference * difference);
      }
    }
    return [oldest, newest];
  }

  /** What is left of the hits: the source must account for the mean of what each of them shows, of the nearest to the
   *  peak above all. */
  #unexplained(strength: number): number {
    let sum = 0;
    for (const [i, { blocks, mean, sigma }] of this.#seen.hits.entries()) {
      const expected = Math.asinh((strength * (this.#expected[i] as number)) / blocks / sigma);
      const miss = 0.5 * ((expected - mean) / this.#meanError) ** 2;
      sum += i === 0 ? miss : Math.min(WORST_HIT, miss);
    }
    return sum;
  }
}

/** Place of each entry for 1 g/s in the table of levels, `last` at most. */
function placesOf({ gain, of }: Sightings, { sigma }: Transformed, last: number): Float32Array {
  const places = new Float32Array(gain.length);
  for (let k = 0; k < places.length; k++) {
    const ratio = (gain[k] as number) / (sigma[of[k] as number] as number) / LEAST_RATIO;
    places[k] = Math.min(last, FINENESS * Math.log(ratio));
  }
  return places;
}
