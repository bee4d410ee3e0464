import type { ConsumeOptions, Delivery, DeliveryHandler } from "./port.ts";
import { WakeUp } from "./wake-up.ts";

/** The loop of every durable consumer: takes what is there, hands it over, and refuses all of it where the handler
 *  throws. `take` waits for something, or answers with nothing after a while, or when the signal aborts. */
export async function deliverBatches(
  take: () => Promise<readonly Delivery[]>,
  options: ConsumeOptions,
  handle: DeliveryHandler,
  signal: AbortSignal,
): Promise<void> {
  let handedOverAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const gather = handedOverAt + (options.gatherMs ?? 0) - performance.now();
    if (gather > 0) await new WakeUp().wait(gather, signal);
    const batch = await take();
    if (batch.length < options.batch) handedOverAt = performance.now();
    try {
      if (batch.length > 0) await handle(batch);
    } catch (error) {
      for (const message of batch) message.nak();
      throw error;
    }
  }
}

/** Pause before the delivery that follows this one, ms. */
export function pauseAfter(attempt: number, { backoffMs }: ConsumeOptions): number {
  return backoffMs[Math.min(attempt, backoffMs.length) - 1] ?? 0;
}
