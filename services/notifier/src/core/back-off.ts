/** Pauses before the 2nd, 3rd, … attempt, ms; after the last one it has failed. Ours: half a day in all, so that a night
 *  without network loses nothing; a page that comes later helps nobody. */
const PAUSES_MS = [5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 3_600_000, 14_400_000, 14_400_000];

/** @param attempts made so far
 *  @param askedMs the pause that the other side asked for, ms
 *  @returns null: no more. */
export function pauseBeforeNext(attempts: number, askedMs?: number): number | null {
  const pause = PAUSES_MS[attempts - 1];
  return pause === undefined ? null : Math.max(pause, Math.min(askedMs ?? 0, 3_600_000));
}
