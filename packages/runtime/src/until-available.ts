import { Unavailable } from "./errors.ts";

/** First and longest pause before the next try, ms of the wall. Ours: what comes back is found within half a minute,
 *  unless the caller is in more of a hurry. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Does a piece of work again and again until what it needs is available, and answers what it answers. Throws the last
 *  Unavailable where the signal aborts meanwhile, and at once whatever else the work throws.
 *  @param onPause told before each pause, with its length in ms
 *  @param longestPauseMs after a while the pauses are that long */
export async function untilAvailable<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onPause: (err: Unavailable, pauseMs: number) => void,
  longestPauseMs = LONGEST_PAUSE_MS,
): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(longestPauseMs, 2 * pause)) {
    try {
      return await work();
    } catch (err) {
      if (!(err instanceof Unavailable) || signal.aborted) throw err;
      onPause(err, pause);
      await sleep(pause, signal);
      if (signal.aborted) throw err;
    }
  }
}

/** A pause on the wall: the demo's clock may stand still, a full disk doesn't wait for it. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });
}
