import { Random } from "../physics/random.ts";

/** Resamples drawn; ours. */
const DRAWS = 1000;

/** 95 % interval of a statistic over days (percentile bootstrap, Efron 1979): days are drawn, not minutes or episodes,
 *  since what happens within one is not independent. null where the statistic has no value in most draws. */
export function dayInterval<T>(
  days: readonly T[],
  statistic: (days: readonly T[]) => number | null,
): [number, number] | null {
  if (days.length < 2) return null;
  const random = new Random(1, "bootstrap");
  const values: number[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = days.map(() => days[Math.floor(random.uniform() * days.length)] as T);
    const value = statistic(drawn);
    if (value !== null) values.push(value);
  }
  if (values.length < DRAWS / 2) return null;
  values.sort((a, b) => a - b);
  return [values[Math.floor(0.025 * values.length)] ?? 0, values[Math.floor(0.975 * (values.length - 1))] ?? 0];
}
