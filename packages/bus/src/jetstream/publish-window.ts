import { Unavailable } from "@hotgrid/runtime";
import type { Appended, Entry } from "../port.ts";

interface Waiting {
  readonly entry: Entry;
  readonly done: PromiseWithResolvers<Appended>;
}

/** Messages and bytes whose acknowledgement may be outstanding at once. Ours: enough that the server's disk and the way
 *  to it never wait for us, little enough that the server's queue stays short. */
const MESSAGES_IN_FLIGHT = 256;
const BYTES_IN_FLIGHT = 8 * 1024 * 1024;
/** Bytes that may wait in all before further appends are refused: memory stays bounded. Ours. */
const WAITING_BYTES = 128 * 1024 * 1024;

/** Sends in the order of the calls, many at once. */
export class PublishWindow {
  readonly #send: (entry: Entry) => Promise<Appended>;
  readonly #queue: Waiting[] = [];
  #bytes = 0;
  #messagesInFlight = 0;
  #bytesInFlight = 0;

  constructor(send: (entry: Entry) => Promise<Appended>) {
    this.#send = send;
  }

  /** All of them, or the first failure, once none is on its way any more: what succeeds after the caller has begun a
   *  retry would be there twice. */
  async append(entries: readonly Entry[]): Promise<readonly Appended[]> {
    const bytes = entries.reduce((sum, entry) => sum + entry.data.byteLength, 0);
    if (this.#bytes > 0 && this.#bytes + bytes > WAITING_BYTES) {
      throw new Unavailable("more waits for the log than may be held");
    }
    this.#bytes += bytes;
    const waiting = entries.map((entry) => ({ entry, done: Promise.withResolvers<Appended>() }));
    this.#queue.push(...waiting);
    const settled = Promise.allSettled(waiting.map(({ done }) => done.promise));
    this.#sendNext();
    const results = await settled;
    this.#bytes -= bytes;
    return results.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
  }

  #sendNext(): void {
    while (this.#queue.length > 0 && this.#messagesInFlight < MESSAGES_IN_FLIGHT) {
      if (this.#messagesInFlight > 0 && this.#bytesInFlight >= BYTES_IN_FLIGHT) return;
      const next = this.#queue.shift();
      if (next) void this.#sendOne(next);
    }
  }

  async #sendOne({ entry, done }: Waiting): Promise<void> {
    this.#messagesInFlight += 1;
    this.#bytesInFlight += entry.data.byteLength;
    try {
      done.resolve(await this.#send(entry));
    } catch (error) {
      done.reject(error);
    }
    this.#messagesInFlight -= 1;
    this.#bytesInFlight -= entry.data.byteLength;
    this.#sendNext();
  }
}
