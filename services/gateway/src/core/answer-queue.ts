import { pubackBytes } from "./puback-bytes.ts";

/** A PUBLISH of another broker that waits for the log. */
interface Waiting {
  /** null for QoS 0, which has no answer. */
  readonly messageId: number | null;
  durable: boolean;
}

/** Answers in the order of the publishes [MQTT-4.6.0-2], in whatever order they become durable. */
export class AnswerQueue {
  readonly #waiting: Waiting[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** Returns what is to be called once it is durable. */
  add(messageId: number | null): () => void {
    const waiting = { messageId, durable: false };
    this.#waiting.push(waiting);
    return () => {
      waiting.durable = true;
    };
  }

  /** The PUBACKs that may go out by now, one after the other; nothing of it comes again. */
  take(): Buffer {
    const open = this.#waiting.findIndex(({ durable }) => !durable);
    const done = this.#waiting.splice(0, open < 0 ? this.#waiting.length : open);
    return pubackBytes(done.flatMap(({ messageId }) => messageId ?? []));
  }
}
