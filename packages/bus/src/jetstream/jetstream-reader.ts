import { STREAMS, type StreamKey } from "@hotgrid/contracts";
import { type Log, Unavailable } from "@hotgrid/runtime";
import { AckPolicy, DeliverPolicy, type JetStreamManager } from "@nats-io/jetstream";
import { nanos, nuid } from "@nats-io/transport-node";
import type { LogMessage, ReadOptions } from "../port.ts";
import { WakeUp } from "../wake-up.ts";
import { isClaim } from "./claim-mark.ts";
import { deliveredBy } from "./delivered.ts";
import type { Nats } from "./nats-connection.ts";
import { PullInbox } from "./pull-inbox.ts";

export interface ReaderNeeds {
  readonly nats: Nats;
  readonly manager: JetStreamManager;
  readonly stream: StreamKey;
  readonly options: ReadOptions;
  readonly log: Log;
}

/** The server forgets a reader that has not asked for so long, ms; it is made anew then. Ours. */
const FORGET_MS = 5 * 60_000;
/** Pause after the log itself failed, ms. Ours. */
const RETRY_MS = 1000;

interface Open {
  readonly consumer: string;
  readonly inbox: PullInbox;
  readonly epoch: number;
  delivered: number;
}

/** Reads in order by a consumer in the server's memory, which is made anew at the next position wherever something
 *  may have been lost on its way: the connection, a message, the server. */
export class JetStreamReader {
  readonly #needs: ReaderNeeds;
  #open: Open | undefined;

  constructor(needs: ReaderNeeds) {
    this.#needs = needs;
  }

  async *read(from: number, signal: AbortSignal): AsyncGenerator<readonly LogMessage[]> {
    let next = from;
    try {
      while (!signal.aborted) {
        const { messages, until } = await this.#takeOrWait(next, signal);
        next = until + 1;
        if (messages.length > 0) yield messages;
      }
    } finally {
      await this.#forget();
    }
  }

  async #takeOrWait(next: number, signal: AbortSignal): Promise<{ messages: readonly LogMessage[]; until: number }> {
    const { nats, stream, log } = this.#needs;
    try {
      if (this.#open?.epoch !== nats.epoch) await this.#forget();
      this.#open ??= await this.#openAt(next);
      const taken = await this.#take(this.#open, next, signal);
      if (taken.until < next && !signal.aborted && (await this.#isBehind(next))) {
        log.warn({ stream, next }, "a reader's server is behind the log, asking for another");
        await this.#forget();
      }
      return taken;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      log.warn({ err: error, stream, next }, "reader waits for the log");
      await this.#forget();
      if (!signal.aborted) await (nats.up ? new WakeUp() : nats.changed).wait(RETRY_MS, signal);
      return { messages: [], until: next - 1 };
    }
  }

  async #take(open: Open, next: number, signal: AbortSignal) {
    const messages: LogMessage[] = [];
    let until = next - 1;
    for (const message of await open.inbox.take(this.#needs.options.batch, signal)) {
      const { subject, seq, data, delivery } = deliveredBy(message);
      open.delivered += 1;
      if (delivery !== open.delivered) {
        await this.#forget();
        break;
      }
      // A position beyond the end is the server's end: what stands before it is not wanted.
      if (seq < next) continue;
      until = seq;
      if (!isClaim(message)) messages.push({ subject, seq, data });
    }
    return { messages, until };
  }

  /** Nothing came for half a minute, and the leader of the stream has what is next: the server that the reader is on has
   *  not caught up. nats-server 2.9, all nodes killed at once, can leave one so until something else is written. */
  async #isBehind(next: number): Promise<boolean> {
    const { nats, manager, stream, options } = this.#needs;
    const { name } = STREAMS[stream];
    const { subject } = options;
    const last = await nats.ask("asking for the end of the log", async () =>
      subject === undefined
        ? (await manager.streams.info(name)).state.last_seq
        : ((await manager.streams.getMessage(name, { last_by_subj: subject }))?.seq ?? 0),
    );
    return last >= next;
  }

  async #openAt(next: number): Promise<Open> {
    const { nats, manager, stream, options } = this.#needs;
    const { epoch } = nats;
    const { name } = STREAMS[stream];
    const consumer = `reader-${nuid.next()}`;
    const config = {
      name: consumer,
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: Math.max(1, next),
      inactive_threshold: nanos(FORGET_MS),
      mem_storage: true,
      num_replicas: 1,
      ...(options.subject !== undefined && { filter_subject: options.subject }),
    };
    await nats.ask("opening a reader", () => manager.consumers.add(name, config));
    return { consumer, inbox: new PullInbox(nats, name, consumer), epoch, delivered: 0 };
  }

  async #forget(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    const { nats, manager, stream, log } = this.#needs;
    await open.inbox.close();
    if (!nats.up) return;
    // Where it is gone already, or the server is away: the server forgets it by itself.
    const gone = (err: unknown) => log.debug({ err, stream }, "reader not deleted");
    await manager.consumers.delete(STREAMS[stream].name, open.consumer).catch(gone);
  }
}
