import { STREAMS, type StreamKey } from "@hotgrid/contracts";
import { type Log, Unavailable } from "@hotgrid/runtime";
import { AckPolicy, DeliverPolicy, JetStreamApiCodes, type JetStreamManager } from "@nats-io/jetstream";
import { type Msg, nanos } from "@nats-io/transport-node";
import { deliverBatches, pauseAfter } from "../deliver-batches.ts";
import type { ConsumeOptions, Delivery, DeliveryHandler } from "../port.ts";
import { WakeUp } from "../wake-up.ts";
import { isClaim } from "./claim-mark.ts";
import { type Delivered, deliveredBy } from "./delivered.ts";
import { hasCode } from "./has-code.ts";
import type { Nats } from "./nats-connection.ts";
import { PullInbox } from "./pull-inbox.ts";

export interface ConsumerNeeds {
  readonly nats: Nats;
  readonly manager: JetStreamManager;
  readonly stream: StreamKey;
  readonly options: ConsumeOptions;
  /** Puts a message that failed too often where a person sees it. */
  readonly giveUp: (message: Delivered) => Promise<void>;
  readonly log: Log;
}

/** Messages in hand beyond which the durable gets no new ones. Ours, as in the SQLite log. */
const UNSETTLED_LIMIT = 1000;
/** Pause after the log itself failed, ms. Ours. */
const RETRY_MS = 1000;
/** How often within the wait for an answer the server is told that a message is still being worked on. */
const WORDS_PER_WAIT = 3;

/** Name of a durable on the server, where cities that are filtered by subject share a stream: each is one of its own. */
const consumerName = (durable: string, subject: string | undefined): string =>
  subject === undefined ? durable : `${durable}${OF_SUBJECT}${subject.replaceAll(".", "-")}`;
/** Whether a consumer is of this durable, whatever its subject. */
export const isOfDurable = (name: string, durable: string): boolean =>
  name === durable || name.startsWith(`${durable}${OF_SUBJECT}`);
const OF_SUBJECT = "__";

/** One instance of a durable consumer: the server keeps the position, the attempts and the times. */
export class JetStreamConsumer {
  readonly #needs: ConsumerNeeds;
  #inbox: PullInbox | undefined;
  /** What was handed over and is not settled. */
  readonly #inHand = new Set<Msg>();

  constructor(needs: ConsumerNeeds) {
    this.#needs = needs;
  }

  get #name(): string {
    const { durable, subject } = this.#needs.options;
    return consumerName(durable, subject);
  }

  async run(handle: DeliveryHandler, signal: AbortSignal): Promise<void> {
    try {
      const work = (batch: readonly Delivery[]) => this.#atWork(() => handle(batch));
      await deliverBatches(() => this.#takeOrWait(signal), this.#needs.options, work, signal);
    } finally {
      await this.#inbox?.close();
    }
  }

  /** While the handler is at work, the server is told so: it hands a message to another one soon after this process was
   *  killed or frozen, and not because a store is slow. */
  async #atWork(work: () => Promise<void>): Promise<void> {
    const words = setInterval(() => {
      if (this.#needs.nats.up) for (const message of this.#inHand) message.respond("+WPI");
    }, this.#needs.options.ackWaitMs / WORDS_PER_WAIT);
    try {
      await work();
    } finally {
      clearInterval(words);
      this.#inHand.clear();
    }
  }

  async #takeOrWait(signal: AbortSignal): Promise<readonly Delivery[]> {
    try {
      this.#inbox ??= await this.#open();
      return await this.#take(await this.#inbox.take(this.#needs.options.batch, signal));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      const { log, stream, options, nats } = this.#needs;
      log.warn({ err: error, stream, durable: options.durable }, "consumer waits for the log");
      await this.#inbox?.close();
      this.#inbox = undefined;
      if (!signal.aborted) await (nats.up ? new WakeUp() : nats.changed).wait(RETRY_MS, signal);
      return [];
    }
  }

  /** Makes it on the server, where it keeps its position from then on. Throws Unavailable where that can't be now. */
  prepare(): Promise<void> {
    return this.#needs.nats.ask("opening a consumer", () => this.#ensure());
  }

  async #open(): Promise<PullInbox> {
    const { nats, stream } = this.#needs;
    await this.prepare();
    return new PullInbox(nats, STREAMS[stream].name, this.#name);
  }

  /** Makes the durable where it is new. Where it starts and what it gets are settled then, as in the SQLite log. */
  async #ensure(): Promise<void> {
    const { manager, stream, options } = this.#needs;
    const { name } = STREAMS[stream];
    const changeable = {
      ack_wait: nanos(options.ackWaitMs),
      max_ack_pending: Math.max(UNSETTLED_LIMIT, options.batch),
    };
    try {
      const { config } = await manager.consumers.info(name, this.#name);
      const differs = config.ack_wait !== changeable.ack_wait || config.max_ack_pending !== changeable.max_ack_pending;
      if (differs) await manager.consumers.update(name, this.#name, { ...config, ...changeable });
    } catch (error) {
      if (!hasCode(error, JetStreamApiCodes.ConsumerNotFound)) throw error;
      await manager.consumers.add(name, {
        durable_name: this.#name,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: options.startAt === "first" ? DeliverPolicy.All : DeliverPolicy.New,
        // Counted here and not by the server, which would only stop to deliver: nobody would see what was given up.
        max_deliver: -1,
        ...(options.subject !== undefined && { filter_subject: options.subject }),
        ...changeable,
      });
    }
  }

  async #take(messages: readonly Msg[]): Promise<Delivery[]> {
    const batch: Delivery[] = [];
    for (const message of messages) {
      const delivered = deliveredBy(message);
      if (isClaim(message)) message.respond("+ACK");
      else if (this.#isSpent(delivered)) await this.#giveUp(delivered, message);
      else batch.push(this.#delivery(delivered, message));
    }
    return batch;
  }

  /** A dead letter has nowhere else to go: it comes again until it is taken. */
  #isSpent({ attempt }: Delivered): boolean {
    return this.#needs.stream !== "deadLetters" && attempt > this.#needs.options.maxDeliveries;
  }

  async #giveUp(delivered: Delivered, message: Msg): Promise<void> {
    try {
      await this.#needs.giveUp(delivered);
      message.respond("+TERM");
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.#needs.log.warn({ err: error, seq: delivered.seq }, "message not given up yet, will be tried again");
      message.respond(nak(RETRY_MS));
    }
  }

  #delivery({ subject, seq, data, attempt }: Delivered, message: Msg): Delivery {
    let open = true;
    this.#inHand.add(message);
    const settle = (answer: string) => {
      this.#inHand.delete(message);
      // Of an answer that does not arrive the server knows nothing, and delivers again.
      if (open && !this.#needs.nats.nc.isClosed()) message.respond(answer);
      open = false;
    };
    return {
      subject,
      seq,
      data,
      attempt,
      ack: () => settle("+ACK"),
      // Bare: nats-server 2.9 takes no reason.
      term: () => settle("+TERM"),
      nak: (delayMs = pauseAfter(attempt, this.#needs.options)) => settle(nak(delayMs)),
    };
  }
}

/** nats-server takes no delay of 0. */
const nak = (delayMs: number): string =>
  delayMs > 0 ? `-NAK ${JSON.stringify({ delay: nanos(Math.ceil(delayMs)) })}` : "-NAK";
