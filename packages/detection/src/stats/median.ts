/** Sorts the first `n` entries in place: insertion sort, the fastest for the handful that a neighbourhood has. */
function sortFirst(values: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) {
    const v = values[i] as number;
    let j = i - 1;
    while (j >= 0 && (values[j] as number) > v) {
      values[j + 1] = values[j] as number;
      j--;
    }
    values[j + 1] = v;
  }
}

/** Median of the first `n` entries, which it sorts. NaN for none. */
export function medianOfFirst(values: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  sortFirst(values, n);
  const half = n >> 1;
  return n & 1 ? (values[half] as number) : ((values[half - 1] as number) + (values[half] as number)) / 2;
}

/** Median of any number of finite values; for the few places that are not in the hot loop. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length & 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

/** Turns a median absolute deviation into a standard deviation, for normal scatter. */
export const MAD_TO_SIGMA = 1.4826;
