export interface Rate {
  /** Tokens that may be spent at once. */
  readonly burst: number;
  /** Tokens gained per second. */
  readonly perSecond: number;
}

/** Tokens of one payer. It may go into debt: who spends then waits until the debt is paid. Pure: time comes in. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  /** Full at `now`, ms. */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  #refill(now: number): void {
    const gained = (Math.max(0, now - this.#at) / 1000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#at = Math.max(this.#at, now);
  }

  /** Takes tokens where the wait for them would be at most `longestWaitMs`, and returns that wait in ms (0 where they
   *  were there); takes none and returns undefined where it would be longer. */
  take(tokens: number, now: number, longestWaitMs = 0): number | undefined {
    this.#refill(now);
    const missing = Math.max(0, tokens - this.#tokens);
    const waitMs = missing === 0 ? 0 : (missing / this.#rate.perSecond) * 1000;
    if (waitMs > longestWaitMs) return undefined;
    this.#tokens -= tokens;
    return waitMs;
  }

  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#rate.burst;
  }
}

/** Payers remembered at most; the longest known are forgotten first. Ours. */
const PAYERS = 20_000;

/** One bucket per payer (a remote address, a station), forgotten once nothing is owed. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  take(payer: string, tokens: number, now: number, longestWaitMs = 0): number | undefined {
    let bucket = this.#buckets.get(payer);
    if (!bucket) {
      if (this.#buckets.size >= PAYERS) this.#forget(now);
      bucket = new TokenBucket(this.#rate, now);
      this.#buckets.set(payer, bucket);
    }
    return bucket.take(tokens, now, longestWaitMs);
  }

  #forget(now: number): void {
    for (const [payer, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(payer);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= PAYERS && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
