import { Unavailable } from "@hotgrid/runtime";
import { createInbox, type Msg, nanos, type Subscription } from "@nats-io/transport-node";
import type { Nats } from "./nats-connection.ts";

/** How long the server holds a request for what is not there yet, ms. Ours. */
const WAIT_MS = 30_000;
/** The server says so often that it still holds the request, ms; after two of them missed it is gone. */
const HEARTBEAT_MS = 3000;
/** A request for what is there is answered within, ms. Ours. */
const ANSWER_MS = 5000;

/** The body of a request, in the server's words. */
interface Pull {
  readonly batch: number;
  readonly no_wait?: boolean;
  readonly expires?: number;
  readonly idle_heartbeat?: number;
}

interface Request {
  readonly reply: string;
  left: number;
  readonly ended: PromiseWithResolvers<void>;
  readonly silent: NodeJS.Timeout;
}

/** Pulls messages of one consumer as they are asked for, and never more: what lies in a client's buffer grows old
 *  there. The client library's own consumers prefetch, so the requests are made here.
 *  The protocol: docs.nats.io/reference/reference-protocols/nats_api_reference (CONSUMER.MSG.NEXT). */
export class PullInbox {
  readonly #nats: Nats;
  readonly #next: string;
  readonly #inbox = createInbox();
  readonly #subscription: Subscription;
  readonly #arrived: Msg[] = [];
  #request: Request | undefined;
  #serial = 0;
  #closed = false;

  constructor(nats: Nats, stream: string, consumer: string) {
    this.#nats = nats;
    this.#next = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    const callback = (error: Error | null, message: Msg) => this.#take(error, message);
    this.#subscription = nats.nc.subscribe(`${this.#inbox}.*`, { callback });
  }

  /** What is there, at most `batch`; where nothing is, waits for the first. Empty after half a minute or on abort.
   *  Throws Unavailable where the server, its leader or the consumer is gone. */
  async take(batch: number, signal: AbortSignal): Promise<Msg[]> {
    if (this.#arrived.length === 0) await this.#ask({ batch, no_wait: true }, ANSWER_MS, signal);
    if (this.#arrived.length === 0 && !signal.aborted) {
      const wait = { batch: 1, expires: nanos(WAIT_MS), idle_heartbeat: nanos(HEARTBEAT_MS) };
      await this.#ask(wait, 2 * HEARTBEAT_MS, signal);
      const more = batch - this.#arrived.length;
      if (this.#arrived.length > 0 && more > 0 && !signal.aborted) {
        await this.#ask({ batch: more, no_wait: true }, ANSWER_MS, signal);
      }
    }
    return this.#arrived.splice(0, batch);
  }

  async #ask(body: Pull, silenceMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#nats.up) throw new Unavailable("not connected to NATS");
    this.#serial += 1;
    const ended = Promise.withResolvers<void>();
    const silent = setTimeout(() => ended.reject(new Unavailable("NATS does not answer a pull")), silenceMs);
    const request = { reply: `${this.#inbox}.${this.#serial}`, left: body.batch, ended, silent };
    this.#request = request;
    const over = new AbortController();
    try {
      this.#nats.nc.publish(this.#next, JSON.stringify(body), { reply: request.reply });
      const changed = this.#nats.changed.wait(undefined, AbortSignal.any([signal, over.signal]));
      await Promise.race([ended.promise, changed.then(() => this.#interrupted(signal, over.signal))]);
    } finally {
      over.abort();
      clearTimeout(silent);
      this.#request = undefined;
      ended.resolve();
    }
  }

  /** The server forgets a request whose connection was lost. */
  #interrupted(...expected: readonly AbortSignal[]): void {
    if (!expected.some(({ aborted }) => aborted)) throw new Unavailable("the connection to NATS was lost");
  }

  #take(error: Error | null, message: Msg): void {
    const request = this.#request;
    if (error) request?.ended.reject(error);
    else if (message.reply?.startsWith("$JS.ACK.")) this.#keep(message, request);
    else if (request?.reply === message.subject) status(message, request);
  }

  #keep(message: Msg, request: Request | undefined): void {
    if (this.#closed) {
      refuse(message);
      return;
    }
    this.#arrived.push(message);
    if (!request) return;
    request.silent.refresh();
    request.left -= 1;
    if (request.left === 0) request.ended.resolve();
  }

  /** Gives back what arrived and was not taken, and what arrives while the server learns of it. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const message of this.#arrived.splice(0)) refuse(message);
    if (this.#nats.up) await this.#subscription.drain();
    else this.#subscription.unsubscribe();
  }
}

/** Whoever asks next gets it at once. */
const refuse = (message: Msg): boolean => message.respond("-NAK");

/** 100: still there. 404, 408: no more. 409, 503: consumer, leader or server gone. 400: a bug of ours. */
function status({ headers }: Msg, request: Request): void {
  const code = headers?.code ?? 0;
  if (code === 100) request.silent.refresh();
  else if (code === 404 || code === 408) request.ended.resolve();
  else if (code === 400) request.ended.reject(new Error(`NATS refuses a pull: ${headers?.description}`));
  else request.ended.reject(new Unavailable(`NATS ends a pull: ${code} ${headers?.description ?? ""}`));
}
