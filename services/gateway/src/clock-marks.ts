import type { Clock } from "@hotgrid/runtime";

const MINUTE_MS = 60_000;

/** Calls `mark` at each full minute of the clock for every city that gave no reading since the last one: event time
 *  must move on when the whole network is silent. */
export async function markSilentMinutes(
  clock: Clock,
  cities: () => Iterable<string>,
  heard: Set<string>,
  mark: (city: string, at: number) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const next = (Math.floor(clock.now() / MINUTE_MS) + 1) * MINUTE_MS;
    try {
      await clock.until(next, signal);
    } catch (reason) {
      if (signal.aborted) return;
      throw reason;
    }
    for (const city of cities()) if (!heard.has(city)) mark(city, clock.now());
    heard.clear();
  }
}
