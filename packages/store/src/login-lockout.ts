/** Wrong passwords in a row that cost nothing. Ours: people mistype; a guesser gets nowhere with five. */
const FREE_ATTEMPTS = 5;
/** First pause, doubling with every further attempt, and the longest: nobody can lock somebody else out for a day. ms. Ours. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/** Until when (epoch ms) an account takes no password after `failed` wrong ones in a row; null: it still does. */
export function lockAfter(failed: number, now: number): number | null {
  if (failed < FREE_ATTEMPTS) return null;
  return now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failed - FREE_ATTEMPTS));
}
