import { Readable } from "node:stream";
import type { Account } from "@hotgrid/contracts";
import type { Step } from "@hotgrid/runtime";
import { type StreamLog, type StreamPosition, writePosition } from "../core/stream-position.ts";

/** Bytes that may wait for one browser. Ours: some minutes of a busy city; who is slower than that reconnects. */
export const BUFFER_LIMIT_BYTES = 1024 * 1024;
/** What the browser waits before it reconnects, ms. Ours. */
const RETRY_MS = 3000;

/** One event, not yet addressed to anybody. */
export interface Outgoing {
  readonly event: string;
  /** What it shows, for the log: nothing of a reading's summary or a station. */
  readonly shows?: Pick<Step, "id" | "reading" | "after" | "fields">;
  visibleTo(account: Account): boolean;
  /** JSON. */
  dataFor(account: Account): string;
}

/** One browser's stream of server-sent events (WHATWG HTML, 9.2), with its own position in the logs. */
export class StreamClient {
  readonly body: Readable;
  readonly account: Account;
  readonly sessionToken: string;
  readonly #position: Record<StreamLog, number>;
  readonly #closed = new AbortController();
  #wakeDrained: () => void = () => undefined;

  constructor(account: Account, sessionToken: string, position: StreamPosition) {
    this.account = account;
    this.sessionToken = sessionToken;
    this.#position = { ...position };
    this.body = new Readable({ read: () => this.#wakeDrained() });
    this.body.once("close", () => this.#close());
    this.body.push(`retry: ${RETRY_MS}\n\n`);
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  at(log: StreamLog): number {
    return this.#position[log];
  }

  /** A message of a log: moves the position, and sends what this account may see. What it has had is not sent again. */
  deliver(log: StreamLog, seq: number, outgoing: Outgoing | null): void {
    if (seq <= this.#position[log]) return;
    this.#position[log] = seq;
    if (outgoing) this.offer(outgoing);
  }

  offer(outgoing: Outgoing): void {
    if (outgoing.visibleTo(this.account)) this.send(outgoing.event, outgoing.dataFor(this.account));
  }

  send(event: string, data: string): void {
    this.#push(`id: ${writePosition(this.#position)}\nevent: ${event}\ndata: ${data}\n\n`);
  }

  /** A comment: keeps proxies from closing a silent connection. */
  heartbeat(): void {
    this.#push(":\n\n");
  }

  /** Resolves when the browser has taken most of what waits for it, or is gone. */
  async drained(): Promise<void> {
    while (!this.closed.aborted && this.body.readableLength > BUFFER_LIMIT_BYTES / 2)
      await new Promise<void>((resolve) => {
        this.#wakeDrained = resolve;
      });
  }

  end(): void {
    if (!this.closed.aborted) this.body.push(null);
    this.#close();
  }

  #close(): void {
    this.#closed.abort();
    this.#wakeDrained();
  }

  #push(frame: string): void {
    if (this.closed.aborted) return;
    // A browser that doesn't keep up must not cost memory: it is cut off, reconnects and resumes from its position.
    const bytes = Buffer.from(frame);
    if (this.body.readableLength + bytes.length > BUFFER_LIMIT_BYTES) this.body.destroy();
    else this.body.push(bytes);
  }
}
