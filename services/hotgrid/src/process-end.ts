import { renameSync, writeFileSync } from "node:fs";
import type { Closing, Log } from "@hotgrid/runtime";
import { say } from "./greeting.ts";

/** How long a stopping process may drain, ms (conventions: SIGTERM drains within 10 s). */
const DRAIN_WITHIN_MS = 10_000;

/** How this process ends: once, whoever asks first. */
export class ProcessEnd {
  readonly #log: Log;
  readonly #closing: Closing;
  readonly #drainWithinMs: number;
  #begun = false;

  constructor(log: Log, closing: Closing, drainWithinMs = DRAIN_WITHIN_MS) {
    this.#log = log;
    this.#closing = closing;
    this.#drainWithinMs = drainWithinMs;
  }

  /** Ends it by SIGINT or SIGTERM, draining. */
  onSignals(): void {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void this.stop(0));
  }

  /** Closes everything and exits; with code 1 where that fails or takes too long. */
  async stop(code: number): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    const overdue = setTimeout(() => {
      this.#log.error("did not drain in time");
      process.exit(1);
    }, this.#drainWithinMs);
    try {
      await this.#closing.run();
    } catch (error) {
      this.#log.error({ err: error }, "closing failed");
      process.exit(1);
    }
    clearTimeout(overdue);
    process.exit(code);
  }

  /** Says why, and ends it with code 1. Nothing where it is ending: what fails then, fails because of that. */
  async fail(error: unknown): Promise<void> {
    if (this.#begun) return;
    const known = error instanceof Error ? error : new Error(String(error));
    say(known.message);
    this.#log.error({ err: known }, "stopped");
    await this.stop(1);
  }
}

/** Writes the file that says "ready", whole or not at all. */
export function writeReadyFile(file: string | null, ready: object): void {
  if (file === null) return;
  writeFileSync(`${file}.new`, JSON.stringify(ready));
  renameSync(`${file}.new`, file);
}
