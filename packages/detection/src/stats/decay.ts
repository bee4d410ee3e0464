/** Exponentially weighted mean: next = mean + alpha (x - mean). NIST/SEMATECH e-Handbook 6.3.2.4, alpha is its lambda. */
export const ewma = (mean: number, x: number, alpha: number): number => mean + alpha * (x - mean);

/** alpha of an exponentially weighted mean with this half-life, for samples `step` apart (same unit). */
export const alphaOfHalfLife = (halfLife: number, step: number): number => 1 - 2 ** (-step / halfLife);

/** alpha for a memory given as the number of one-minute steps, each weighing 1/memory, for samples `step` minutes
 *  apart: what a network that reports every 2.5 minutes forgets in one step is what another forgets in 2.5. */
export const alphaOfMemory = (memory: number, step: number): number => 1 - (1 - 1 / memory) ** step;
