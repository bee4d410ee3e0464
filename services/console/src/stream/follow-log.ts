import { setTimeout as delay } from "node:timers/promises";
import type { Bus, LogMessage } from "@hotgrid/bus";
import type { StreamKey } from "@hotgrid/contracts";
import { type Log, Unavailable } from "@hotgrid/runtime";

/** Messages taken from the log at once. */
export const BATCH = 256;
/** Pause before a log that was away is tried again, ms of the wall. */
const RETRY_MS = 1000;

export interface LogFollowing {
  readonly bus: Bus;
  readonly stream: StreamKey;
  readonly subject: string;
  /** First position wanted: asked again whenever reading starts anew. */
  readonly from: () => number;
  readonly handle: (message: LogMessage) => Promise<void> | void;
  readonly log: Log;
}

/** Runs until `signal` aborts or the log is closed. A log that is away is tried again; anything else is a bug and rejects. */
export async function followLog(following: LogFollowing, signal: AbortSignal): Promise<void> {
  const { bus, stream, subject, from, handle, log } = following;
  while (!signal.aborted) {
    try {
      for await (const batch of bus.read(stream, { from: from(), subject, batch: BATCH }, signal))
        for (const message of batch) await handle(message);
      return; // stopped, or the log was closed
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Unavailable)) throw error;
      log.warn({ err: error, stream }, "log not readable, trying again");
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
