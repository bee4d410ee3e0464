import { type Log, Unavailable } from "@hotgrid/runtime";
import { headers } from "@nats-io/transport-node";
import type { Nats } from "./nats-connection.ts";

type Answer = (data: Uint8Array) => Promise<Uint8Array>;

/** Header of an answer that could not be made. */
const FAILED = "Hotgrid-Failed";
/** Those who answer the same subject share its questions. */
const QUEUE = "hotgrid";

/** Request and answer between processes that are up now. */
export class NatsRequests {
  readonly #nats: Nats;
  readonly #log: Log;

  constructor(nats: Nats, log: Log) {
    this.#nats = nats;
    this.#log = log;
  }

  async request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    const ask = () => this.#nats.nc.request(subject, data, { timeout: timeoutMs });
    const reply = await this.#nats.ask(`asking ${subject}`, ask);
    if (reply.headers?.has(FAILED)) throw new Unavailable(`${subject} failed to answer`);
    return reply.data;
  }

  respond(subject: string, answer: Answer): () => Promise<void> {
    const subscription = this.#nats.nc.subscribe(subject, {
      queue: QUEUE,
      callback: (error, message) => {
        if (error) throw error;
        answer(message.data).then(
          (data) => message.respond(data),
          (err: unknown) => {
            this.#log.error({ err, subject }, "a question could not be answered");
            const failed = headers();
            failed.set(FAILED, "1");
            message.respond(new Uint8Array(), { headers: failed });
          },
        );
      },
    });
    return async () => {
      if (this.#nats.up) await subscription.drain();
      else subscription.unsubscribe();
    };
  }
}
