import type { Bus } from "@hotgrid/bus";
import type { StationEvent } from "@hotgrid/contracts";
import { type Log, Unavailable } from "@hotgrid/runtime";
import type { GatewayLimits } from "./limits.ts";
import { type Gathered, LogGroup } from "./log-group.ts";

/** Longest gathering time, however slow the disk is, ms. Ours: still unnoticed by a person. */
const LONGEST_GATHER_MS = 100;
/** After an append that took t, gathering takes this many t: the disk then costs at most a third of the rate. */
const GATHER_PER_APPEND = 2;
/** Pause before an append that the log refused is tried again, ms. Ours. */
const RETRY_MS = 500;

/** Gathers what arrives while one append is on its way into the next one, so that one commit acknowledges hundreds of
 *  publishes: a slow disk costs latency, not rate. While the log is unavailable publishes wait unanswered, within
 *  bounds, and go in once it is back. */
export class LogGatherer {
  readonly #bus: Bus;
  readonly #limits: GatewayLimits;
  readonly #log: Log;
  #next = new LogGroup();
  #current: LogGroup | undefined;
  #appending: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #appendMs = 0;
  #retryNow: (() => void) | undefined;
  #unavailable = false;
  #closed = false;

  constructor(bus: Bus, limits: GatewayLimits, log: Log) {
    this.#bus = bus;
    this.#limits = limits;
    this.#log = log;
  }

  add(gathered: Gathered): void {
    if (this.#isFull) this.#dropUnwanted();
    if (this.#isFull || this.#closed) {
      gathered.settle(new Unavailable("more waits for the log than the gateway may hold"));
      return;
    }
    this.#next.add(gathered);
    this.#schedule();
  }

  /** Nobody waits for the answers of a connection that has ended: what such publishes hold is room for others. A group
   *  on its way to the log is left alone. */
  #dropUnwanted(): void {
    this.#next.dropUnwanted();
    if (this.#retryNow) this.#current?.dropUnwanted();
  }

  /** The log refused the last append. */
  get isUnavailable(): boolean {
    return this.#unavailable;
  }

  get #isFull(): boolean {
    return this.#next.bytes + (this.#current?.bytes ?? 0) >= this.#limits.waitingBytes;
  }

  event(city: string, event: StationEvent): void {
    this.#next.event(city, event);
    this.#schedule();
  }

  /** The clock's mark of a city in which nothing was read for a minute. */
  mark(city: string, at: number): void {
    this.#next.mark(city, at);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#current || this.#closed) return;
    if (this.#next.readings >= this.#limits.gatherReadings) this.#start();
    else {
      const gatherMs = Math.min(LONGEST_GATHER_MS, this.#appendMs * GATHER_PER_APPEND);
      this.#timer ??= setTimeout(() => this.#start(), Math.max(this.#limits.gatherMs, gatherMs));
    }
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#current) return;
    this.#current = this.#next;
    this.#next = new LogGroup();
    // Not awaited: what it throws is a bug, and an unhandled rejection stops the process.
    this.#appending = this.#appendUntilDone(this.#current);
  }

  async #appendUntilDone(group: LogGroup): Promise<void> {
    while (!group.isEmpty) {
      try {
        await this.#append(group);
        this.#unavailable = false;
        group.settle();
        break;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        this.#unavailable = true;
        if (this.#closed) {
          group.settle(error);
          break;
        }
        this.#log.warn({ err: error, publishes: group.publishes }, "log unavailable, publishes wait");
        await this.#pause();
        group.dropUnwanted();
      }
    }
    this.#current = undefined;
    if (!this.#next.isEmpty) this.#schedule();
  }

  async #append(group: LogGroup): Promise<void> {
    const began = performance.now();
    const appends = group.entries().map(([stream, entries]) => this.#bus.append(stream, entries));
    // All have to end before a retry: one that succeeds late would otherwise be there twice.
    const failed = (await Promise.allSettled(appends)).find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    this.#appendMs = performance.now() - began;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const resume = () => {
        this.#retryNow = undefined;
        resolve();
      };
      this.#retryNow = resume;
      setTimeout(resume, RETRY_MS);
    });
  }

  /** Appends what waits; false where that took longer than `ms`. */
  async drain(ms: number): Promise<boolean> {
    const late = Promise.withResolvers<"late">();
    const timer = setTimeout(() => late.resolve("late"), ms);
    let inTime = true;
    while (inTime && (this.#current || !this.#next.isEmpty)) {
      this.#start();
      inTime = (await Promise.race([this.#appending, late.promise])) !== "late";
    }
    clearTimeout(timer);
    return inTime;
  }

  /** What could not be appended is refused: its publisher has no answer and will send again. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#retryNow?.();
    await this.#appending;
    this.#next.settle(new Unavailable("the gateway is closing"));
  }
}
