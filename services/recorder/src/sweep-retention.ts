import { type Clock, type Log, Unavailable } from "@hotgrid/runtime";
import type { DeadLetterStore, ReadingStore } from "@hotgrid/store";

const HOUR_MS = 3_600_000;
/** Between two sweeps, by the injected clock, ms. Ours: retention counts in days. */
const SWEEP_EVERY_MS = 6 * HOUR_MS;
/** As long as the DEADLETTERS log keeps them itself, ms. */
const DEAD_LETTERS_KEPT_MS = 90 * 24 * HOUR_MS;

export interface SweepRetention {
  readonly readings: ReadingStore;
  readonly deadLetters: DeadLetterStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Removes what is older than its retention, now and every few hours until `signal` aborts. */
export async function sweepRetention(sweep: SweepRetention, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const now = sweep.clock.now();
    await sweepOnce(sweep, now);
    await sweep.clock.until(now + SWEEP_EVERY_MS, signal).catch((cause: unknown) => {
      if (!signal.aborted) throw cause;
    });
  }
}

async function sweepOnce({ readings, deadLetters, log }: SweepRetention, now: number): Promise<void> {
  try {
    await readings.retain(now);
    await deadLetters.removeBefore(now - DEAD_LETTERS_KEPT_MS);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    log.warn({ err: error }, "old rows not removed, trying again at the next sweep");
  }
}
