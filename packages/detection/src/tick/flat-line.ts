import { FAIL, PASS } from "../quality/flags.ts";
import { extendFlatRun, type FlatRun, flatFlag } from "../quality/flat-run.ts";
import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { ewma } from "../stats/decay.ts";
import type { Frame } from "./frame.ts";

/** Fewer equal values than this are chance, however long they took. Ours. */
const FEWEST_FLAT = 6;
/** Below this, in delta, a flat line is a fault only when the air has moved by a whole delta. Ours. */
const NEAR_ZERO = 0.5;
/** A device that repeats itself so seldom does not stand still by its resolution. Share of its values, ours. */
const SELDOM = 0.05;
/** Values over which a device's habits are learned: a day of minutes, three weeks of hours. Ours. */
const HABIT = 1 / 500;
/** The usual step follows the lowest tenth of the steps: by so much, as a logarithm, in each step. Ours. */
const STEP_PACE = 0.05;
const STEP_QUANTILE = 0.1;
/** The neighbours' air must have moved by so many of the device's usual steps, and by so much of what the two usually
 *  differ by. Ours. */
const STEPS_MOVED = 3;
const SCALE_MOVED = 1.5;
/** Fresh exhaust uses up the ozone of a street: a secondary property may rest at zero for so long. min, ours: a day. */
const EMPTY_MINUTES = 1440;

const run: FlatRun = { min: 0, max: 0, steps: 0 };

/** QARTOD flat line. It fails where the device never repeats itself when it is sound, or where the air around has moved
 *  meanwhile by more than its resolution hides. */
export function flatLine(frame: Frame, s: number, x: number, own: ChannelRules): number {
  const { columns: c, work } = frame;
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
  if (run.steps < FEWEST_FLAT) {
    learnHabits(frame, s, x, own);
    return 0;
  }
  const flag = flatFlag(run.steps, work.shape.tickMinutes, own.flatSuspectMinutes, own.flatFailMinutes);
  if (flag === PASS) return 0;
  return flag === FAIL && isFault(frame, s, x, own) ? BIT["flat-line"] : BIT["flat-line-suspect"];
}

/** How often a device repeats a value, and by what steps it goes. */
function learnHabits({ columns: c }: Frame, s: number, x: number, own: ChannelRules): void {
  const step = Math.abs(x - (c.last[s] as number));
  if (Number.isNaN(step)) return;
  const repeated = step < own.flatTolerance ? 1 : 0;
  c.repeats[s] = ewma(c.repeats[s] as number, repeated, HABIT);
  if (repeated) return;
  const usual = c.usualStep[s] as number;
  const smaller = step <= usual ? STEP_QUANTILE - 1 : STEP_QUANTILE;
  c.usualStep[s] = Number.isNaN(usual) ? step : usual * Math.exp(STEP_PACE * smaller);
}

function isFault(frame: Frame, s: number, x: number, own: ChannelRules): boolean {
  const { columns: c, channels, work } = frame;
  const nearZero = x < NEAR_ZERO * own.delta;
  if (nearZero && !channels.opens && run.steps * work.shape.tickMinutes < EMPTY_MINUTES) return false;
  if (!nearZero && (c.repeats[s] as number) < SELDOM) return true;
  return movedMeanwhile(frame, s) >= neededMove(frame, s, x, own);
}

/** How far the background went since the run began. */
const movedMeanwhile = ({ columns: c }: Pick<Frame, "columns">, s: number): number =>
  (c.flatBackgroundMax[s] as number) - (c.flatBackgroundMin[s] as number);

/** How far it must have gone. Near the detection limit a sound sensor stands still while the air moves a little. */
function neededMove(
  { columns: c, rules, network }: Pick<Frame, "columns" | "rules" | "network">,
  s: number,
  x: number,
  own: ChannelRules,
): number {
  const share = x < NEAR_ZERO * own.delta ? 1 : rules.quality.flatBackgroundMoved;
  const usual = c.usualStep[s] as number;
  const hidden = STEPS_MOVED * (Number.isNaN(usual) ? 0 : usual);
  return (network.remoteness[s] as number) * Math.max(share * own.delta, hidden, SCALE_MOVED * (c.scale[s] as number));
}
