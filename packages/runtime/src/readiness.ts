import type { Log } from "./log.ts";

/** Longest time that a part may take to answer, ms. Ours: probes wait little longer. */
const ANSWER_MS = 2000;

/** Whether a part can be worked with, and why not: it can't be reached or fails, it gives no answer in time, or it
 *  answers and takes nothing. Anybody may be told these words: addresses and messages are in the log alone. */
export type PartState = "ok" | "unavailable" | "silent" | "refuses";

/** A part answers questions and takes nothing: its disk is full, or it is another's copy. */
export class Refuses extends Error {}

export interface ReadinessAnswer {
  /** All of them are "ok". */
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, PartState>>;
}

/** What a service can't work without, each part by a question that throws where it does not answer, and Refuses where
 *  it answers and takes nothing. What changes is logged, with its cause. */
export class Readiness {
  readonly #needs: Readonly<Record<string, () => Promise<unknown>>>;
  readonly #log: Log;
  readonly #last = new Map<string, PartState>();
  #asking: Promise<ReadinessAnswer> | undefined;

  constructor(needs: Readonly<Record<string, () => Promise<unknown>>>, log: Log) {
    this.#needs = needs;
    this.#log = log;
  }

  /** However many ask at a time, the parts are asked once: whoever may ask can't burden them. */
  ask(): Promise<ReadinessAnswer> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<ReadinessAnswer> {
    const states = await Promise.all(
      Object.entries(this.#needs).map(async ([part, need]) => [part, await this.#stateOf(part, need)] as const),
    );
    return { ready: states.every(([, state]) => state === "ok"), checks: Object.fromEntries(states) };
  }

  async #stateOf(part: string, need: () => Promise<unknown>): Promise<PartState> {
    const late = Promise.withResolvers<"silent">();
    const timer = setTimeout(() => late.resolve("silent"), ANSWER_MS);
    try {
      const answered = await Promise.race([need().then(() => "ok" as const), late.promise]);
      this.#tell(part, answered);
      return answered;
    } catch (err) {
      const state = err instanceof Refuses ? "refuses" : "unavailable";
      this.#tell(part, state, err);
      return state;
    } finally {
      clearTimeout(timer);
    }
  }

  #tell(part: string, state: PartState, err?: unknown): void {
    const last = this.#last.get(part) ?? "ok";
    this.#last.set(part, state);
    if (state === last) return;
    if (state === "ok") this.#log.info({ part }, "ready again");
    else this.#log.warn({ part, state, err }, "not ready");
  }
}
