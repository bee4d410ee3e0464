import { type AqiItem, type AqiStandard, BREAKPOINTS, IAQI_STEPS } from "./breakpoints.ts";

/** Takes up the error of binary fractions, so that 35 µg/m³ is 50 and not 51. */
const EPSILON = 1e-9;
const LAST_STEP = IAQI_STEPS[IAQI_STEPS.length - 1] ?? Number.NaN;

/** Individual air quality index (空气质量分指数) of a concentration in µg/m³, CO in mg/m³: rounded first (integer, CO one
 *  decimal, half to even by GB/T 8170), interpolated, rounded up.
 *  @returns null where it is not computed: not a concentration (negative, not finite), or beyond the end of the SO2 1 h
 *  and O3 8 h columns in 2012; in 2026 these stay at 200 and 300. */
export function iaqi(item: AqiItem, concentration: number, standard: AqiStandard): number | null {
  if (!Number.isFinite(concentration) || concentration < 0) return null;
  const value = item.startsWith("co_") ? roundHalfEven(concentration * 10) / 10 : roundHalfEven(concentration);
  const column = BREAKPOINTS[standard][item];
  const above = column.findIndex((breakpoint) => value <= breakpoint);
  if (above === -1) return beyond(column.length, standard);
  if (above === 0) return 0;
  const [low = 0, high = 0] = [column[above - 1], column[above]];
  const [lowIndex = 0, highIndex = 0] = [IAQI_STEPS[above - 1], IAQI_STEPS[above]];
  return Math.ceil(((highIndex - lowIndex) / (high - low)) * (value - low) + lowIndex - EPSILON);
}

function beyond(steps: number, standard: AqiStandard): number | null {
  if (steps === IAQI_STEPS.length) return LAST_STEP;
  return standard === "HJ 633-2026" ? (IAQI_STEPS[steps - 1] ?? null) : null;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (Math.abs(rest - 0.5) < EPSILON) return floor % 2 === 0 ? floor : floor + 1;
  return Math.round(value);
}
