/** Number of ones among the lowest 32 bits. */
function ones(bits: number): number {
  let v = bits - ((bits >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** The last 64 ticks as two words, the newest in the lowest bit of `low`: how many of the last `n` are set. */
export function onesOfLast(low: number, high: number, n: number): number {
  if (n >= 64) return ones(low) + ones(high);
  if (n > 32) return ones(low) + ones(high & (2 ** (n - 32) - 1));
  return n === 32 ? ones(low) : ones(low & (2 ** n - 1));
}
