import { FAIL, PASS } from "../quality/flags.ts";
import { extendFlatRun, type FlatRun, flatFlag } from "../quality/flat-run.ts";
import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import type { Frame } from "./frame.ts";

/** Fewer equal values than this are chance, however long they took. Ours. */
const FEWEST_FLAT = 6;
/** Below this, in delta, a flat line is a fault only when the air has moved by a whole delta. Ours. */
const NEAR_ZERO = 0.5;

const run: FlatRun = { min: 0, max: 0, steps: 0 };

/** QARTOD flat line; it fails only when the air around has moved meanwhile. */
export function flatLine({ columns: c, rules, work }: Frame, s: number, x: number, own: ChannelRules): number {
  run.min = c.flatMin[s] as number;
  run.max = c.flatMax[s] as number;
  run.steps = c.flatSteps[s] as number;
  extendFlatRun(run, x, own.flatTolerance);
  c.flatMin[s] = run.min;
  c.flatMax[s] = run.max;
  c.flatSteps[s] = run.steps;
  const background = c.background[s] as number;
  if (run.steps === 0 || !((c.flatBackgroundMin[s] as number) <= background)) c.flatBackgroundMin[s] = background;
  if (run.steps === 0 || !((c.flatBackgroundMax[s] as number) >= background)) c.flatBackgroundMax[s] = background;
  if (run.steps < FEWEST_FLAT) return 0;
  const flag = flatFlag(run.steps, work.shape.tickMinutes, own.flatSuspectMinutes, own.flatFailMinutes);
  if (flag === PASS) return 0;
  // Near the detection limit a sound sensor stands still while the air moves a little.
  const needed = own.delta * (x < NEAR_ZERO * own.delta ? 1 : rules.quality.flatBackgroundMoved);
  const moved = (c.flatBackgroundMax[s] as number) - (c.flatBackgroundMin[s] as number);
  return flag === FAIL && moved >= needed ? BIT["flat-line"] : BIT["flat-line-suspect"];
}
