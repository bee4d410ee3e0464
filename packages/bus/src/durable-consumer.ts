import { Unavailable } from "@hotgrid/runtime";
import { deliverBatches, pauseAfter } from "./deliver-batches.ts";
import type { DeliveryLedger } from "./delivery-ledger.ts";
import type { ConsumeOptions, Delivery, DeliveryHandler, LogMessage } from "./port.ts";
import { WakeUp } from "./wake-up.ts";

/** What a consumer needs of the log that it reads. */
export interface ConsumedLog {
  read(from: number, limit: number): LogMessage[];
  one(seq: number): LogMessage | undefined;
  /** Keeps the ledger. Throws Unavailable where it can't. */
  save(): void;
  /** Soon, and again until it works: for what a crash may undo. */
  saveSoon(): void;
  /** Puts a message that failed too often where a person sees it. */
  giveUp(message: LogMessage, attempts: number): Promise<void>;
  aged(seq: number): void;
  unavailable(error: Unavailable): void;
}

/** Unsettled messages of one durable beyond which it gets no new ones: memory and the cursor's row stay bounded. Ours. */
const UNSETTLED_LIMIT = 1000;
/** Pause after the log itself failed, ms. Ours. */
const RETRY_MS = 1000;

/** Delivers to one durable consumer. Several `run()` at once share its work. Times are wall milliseconds that never go
 *  back: a pause for a struggling receiver is meant in real seconds, whatever the demo's clock shows. */
export class DurableConsumer {
  readonly ledger: DeliveryLedger;
  readonly #log: ConsumedLog;
  readonly #wakeUp: WakeUp;

  constructor(ledger: DeliveryLedger, log: ConsumedLog, wakeUp: WakeUp) {
    this.ledger = ledger;
    this.#log = log;
    this.#wakeUp = wakeUp;
  }

  run(options: ConsumeOptions, handle: DeliveryHandler, signal: AbortSignal): Promise<void> {
    return deliverBatches(() => this.#takeOrWait(options, signal), options, handle, signal);
  }

  async #takeOrWait(options: ConsumeOptions, signal: AbortSignal): Promise<readonly Delivery[]> {
    try {
      const messages = this.#candidates(options, performance.now());
      if (messages.length > 0) return await this.#take(messages, options);
      await this.#idle(signal);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.#log.unavailable(error);
      await new WakeUp().wait(RETRY_MS, signal);
    }
    return [];
  }

  #idle(signal: AbortSignal): Promise<void> {
    const next = this.ledger.nextDue();
    return this.#wakeUp.wait(next === undefined ? undefined : next - performance.now(), signal);
  }

  /** Takes messages into hand, and gives up those that had their last chance. */
  async #take(messages: readonly LogMessage[], options: ConsumeOptions): Promise<Delivery[]> {
    const dueAt = performance.now() + options.ackWaitMs;
    const isSpent = ({ seq }: LogMessage) => this.ledger.attempts(seq) >= options.maxDeliveries;
    const spent = messages.filter(isSpent);
    for (const { seq } of spent) this.ledger.postpone(seq, dueAt);
    const batch = messages
      .filter((message) => !isSpent(message))
      .map((message) => this.#delivery(message, this.ledger.deliver(message.seq, dueAt), options));
    try {
      // Before the handler sees it: a message that kills the process must be found with its attempts counted.
      if (batch.length > 0) this.#log.save();
    } catch (error) {
      for (const message of batch) message.nak(RETRY_MS);
      throw error;
    }
    for (const message of spent) await this.#giveUp(message);
    return batch;
  }

  /** What is due again, oldest first, then what is new. */
  #candidates(options: ConsumeOptions, now: number): LogMessage[] {
    const again: LogMessage[] = [];
    for (const seq of this.ledger.due(now, options.batch)) {
      const message = this.#log.one(seq);
      if (message) again.push(message);
      else {
        this.#log.aged(seq);
        this.#settle(seq);
      }
    }
    const room = Math.min(options.batch - again.length, UNSETTLED_LIMIT - this.ledger.unsettledCount);
    return room > 0 ? [...again, ...this.#log.read(this.ledger.nextSeq, room)] : again;
  }

  async #giveUp(message: LogMessage): Promise<void> {
    try {
      await this.#log.giveUp(message, this.ledger.attempts(message.seq));
      this.#settle(message.seq);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.ledger.postpone(message.seq, performance.now() + RETRY_MS);
      this.#log.unavailable(error);
    }
  }

  #delivery(message: LogMessage, attempt: number, options: ConsumeOptions): Delivery {
    const pause = pauseAfter(attempt, options);
    const settle = () => this.#settle(message.seq);
    let open = true;
    return {
      ...message,
      attempt,
      ack: settle,
      term: settle,
      nak: (delayMs = pause) => {
        if (!open) return;
        open = false;
        if (this.ledger.postpone(message.seq, performance.now() + delayMs)) this.#wakeUp.wake();
      },
    };
  }

  #settle(seq: number): void {
    if (!this.ledger.settle(seq)) return;
    this.#log.saveSoon();
    if (this.ledger.unsettledCount === UNSETTLED_LIMIT - 1) this.#wakeUp.wake();
  }
}
