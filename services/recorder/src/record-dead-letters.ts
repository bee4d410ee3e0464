import type { Decoded } from "@hotgrid/bus";
import type { DeadLetter } from "@hotgrid/contracts";
import type { DeadLetterStore } from "@hotgrid/store";
import type { RecorderCounters } from "./recorder-counters.ts";

/** Keeps what could not be used where people find it. */
export function recordDeadLetters(store: DeadLetterStore, counters: RecorderCounters) {
  return async (batch: readonly Decoded<DeadLetter>[]): Promise<void> => {
    const kept = await store.insert(batch.map(({ value }) => value));
    for (const { reason } of kept) counters.deadLetters[reason] = (counters.deadLetters[reason] ?? 0) + 1;
  };
}
