/** The one clock that every service and timer reads. Injected, so that a demo runs at 30 times the speed, a replay in
 *  the year of its recording, and a test without waiting. */
export interface Clock {
  /** Epoch milliseconds UTC. */
  now(): number;
  /** Resolves once now() >= time, or rejects with the signal's reason. */
  until(time: number, signal?: AbortSignal): Promise<void>;
}

/** Longest single wait, ms: setTimeout overflows above 2^31 - 1. */
const LONGEST_WAIT_MS = 60 * 60 * 1000;

/** Resolves when `ms` have passed on the wall, or when `changed` says that the clock was set; rejects on abort. */
function wait(ms: number, onChange: (wake: () => void) => () => void, signal?: AbortSignal): Promise<void> {
  // Who waits again may have been woken and told to stop in the same moment: the signal says it only once.
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      signal?.removeEventListener("abort", abort);
      settle();
    };
    const abort = () => finish(() => reject(signal?.reason));
    const timer = setTimeout(() => finish(resolve), Math.min(ms, LONGEST_WAIT_MS));
    const unsubscribe = onChange(() => finish(resolve));
    signal?.addEventListener("abort", abort, { once: true });
  });
}

export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }
  async until(time: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    while (this.now() < time) await wait(time - this.now(), () => () => undefined, signal);
  }
}

/** A clock at `speed` times the wall's pace; 0 is a pause. Setting it wakes everybody who waits for it. */
export class DemoClock implements Clock {
  #at: number;
  #wallAt: number;
  #speed: number;
  readonly #wall: () => number;
  readonly #waiting = new Set<() => void>();

  constructor(at: number, speed: number, wall: () => number = Date.now) {
    this.#at = at;
    this.#speed = speed;
    this.#wall = wall;
    this.#wallAt = wall();
  }

  now(): number {
    return Math.floor(this.#at + Math.max(0, this.#wall() - this.#wallAt) * this.#speed);
  }

  get state(): { at: number; wallAt: number; speed: number } {
    return { at: this.#at, wallAt: this.#wallAt, speed: this.#speed };
  }

  setSpeed(speed: number): void {
    this.set({ at: this.now(), wallAt: this.#wall(), speed });
  }

  /** Takes over another process's anchor, so that both show the same time. */
  set(state: { at: number; wallAt: number; speed: number }): void {
    this.#at = state.at;
    this.#wallAt = state.wallAt;
    this.#speed = state.speed;
    for (const wake of [...this.#waiting]) wake();
  }

  async until(time: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    while (this.now() < time) {
      const wallMs = this.#speed > 0 ? (time - this.now()) / this.#speed : Number.POSITIVE_INFINITY;
      await wait(Math.max(1, Math.ceil(wallMs)), (wake) => this.#onChange(wake), signal);
    }
  }

  #onChange(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }
}

/** A clock that only moves when told: for tests and for replaying recordings. */
export class ManualClock implements Clock {
  #now: number;
  readonly #waiting = new Set<() => void>();

  constructor(now: number) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  /** Never goes back. */
  advanceTo(time: number): void {
    this.#now = Math.max(this.#now, time);
    for (const wake of [...this.#waiting]) wake();
  }
  async until(time: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    while (this.#now < time) {
      await wait(
        Number.POSITIVE_INFINITY,
        (wake) => {
          this.#waiting.add(wake);
          return () => this.#waiting.delete(wake);
        },
        signal,
      );
    }
  }
}
