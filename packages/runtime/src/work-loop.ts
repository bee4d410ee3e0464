import { setImmediate } from "node:timers/promises";
import type { Clock } from "./clock.ts";
import { Unavailable } from "./errors.ts";
import type { Log } from "./log.ts";

export interface WorkLoop {
  /** There may be something to do: soon, and once for all the calls that come while it is being done. */
  kick(): void;
  /** Lets what is being done end. Rejects with the bug that ended the loop before. */
  close(): Promise<void>;
}

/** Does a piece of work when kicked and at the time that the work itself named, one run at a time: however slow a run
 *  is, no second one piles up behind it. Unavailable is logged, and the next kick tries again; anything else is a bug
 *  and ends the loop as an unhandled rejection, which stops the process.
 *  @param work answers when it wants to run next by the clock, epoch ms, or null */
export function startWorkLoop(work: () => Promise<number | null>, clock: Clock, log: Log): WorkLoop {
  const stop = new AbortController();
  let wanted = Promise.withResolvers<void>();

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      wanted = Promise.withResolvers();
      const next = await attempt();
      const waiting = new AbortController();
      const signal = AbortSignal.any([stop.signal, waiting.signal]);
      const due = next === null ? wanted.promise : clock.until(next, signal).catch(ignoreAbort(signal));
      await Promise.race([wanted.promise, due]);
      waiting.abort();
    }
  }

  async function attempt(): Promise<number | null> {
    try {
      return await work();
    } catch (err) {
      if (!(err instanceof Unavailable)) throw err;
      log.warn({ err }, "work postponed");
      return null;
    }
  }

  const running = run();
  return {
    kick: () => wanted.resolve(),
    async close() {
      stop.abort();
      wanted.resolve();
      await running;
    },
  };
}

/** Between two transactions: SQLite works in this thread, and the process's other services want their turn. */
export const giveWay = (): Promise<void> => setImmediate();

const ignoreAbort = (signal: AbortSignal) => (reason: unknown) => {
  if (!signal.aborted) throw reason;
};
