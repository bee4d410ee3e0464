import type { Clock } from "@hotgrid/runtime";

const MINUTE_MS = 60_000;

/** Calls `mark` at each full minute of the clock for every city that gave no reading since the last one: event time
 *  must move on when the whole network is silent. Not for the part of a minute in which the gateway
 *  started: it has not listened for all of it, and what stations kept meanwhile would be too late to be judged. */
export async function markSilentMinutes(
  clock: Clock,
  cities: () => Iterable<string>,
  heard: Set<string>,
  mark: (city: string, at: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const began = clock.now();
  while (!signal.aborted) {
    const next = (Math.floor(clock.now() / MINUTE_MS) + 1) * MINUTE_MS;
    try {
      await clock.until(next, signal);
    } catch (reason) {
      if (signal.aborted) return;
      throw reason;
    }
    const silent = [...cities()].filter((city) => next - MINUTE_MS >= began && !heard.has(city));
    for (const city of silent) mark(city, clock.now());
    heard.clear();
  }
}
