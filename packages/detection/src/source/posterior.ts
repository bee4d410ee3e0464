import type { DetectionRules } from "../rules/detection-rules.ts";
import { CellScorer } from "./cell-scorer.ts";
import type { Observation } from "./observation.ts";
import type { SearchGrid } from "./search-grid.ts";
import { Observatory } from "./sightings.ts";
import { transform } from "./transformed.ts";

/** Hypotheses about the wind's lasting error, in standard deviations. Ours: finer ones change nothing. */
const TURNS = [-2, -1, 0, 1, 2];

/** Probability of each cell that the source is there; 0 outside the searched disc. Bayes' rule over cells, errors of
 *  the wind's direction, strengths and times of emission, all but the cells summed out. A uniform prior over the
 *  disc. In steps of well below a millisecond, so that whoever asks can do something else in between. */
export function* posterior(
  observation: Observation,
  grid: SearchGrid,
  rules: DetectionRules["source"],
): Generator<void, Float64Array> {
  const seen = transform(observation);
  const observatory = new Observatory(observation, grid, rules);
  const log = new Float64Array(grid.cells).fill(Number.NEGATIVE_INFINITY);
  for (const turn of TURNS) {
    const shown = yield* observatory.sightings((turn * rules.turnDegrees * Math.PI) / 180);
    const scorer = new CellScorer(observation, seen, shown, rules);
    for (let cell = 0; cell < grid.cells; cell++) {
      if (cell % grid.width === 0) yield;
      if (grid.within[cell]) log[cell] = logSum(log[cell] as number, scorer.score(cell) - 0.5 * turn * turn);
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
