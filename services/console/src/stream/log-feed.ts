import type { Bus, LogMessage } from "@hotgrid/bus";
import { type Log, type Trail, wallTime } from "@hotgrid/runtime";
import type { StreamLog } from "../core/stream-position.ts";
import { BATCH, followLog } from "./follow-log.ts";
import type { Outgoing, StreamClient } from "./stream-client.ts";

/** Makes an event of a message; null where nobody is to see it. */
export type Projection = (message: LogMessage) => Promise<Outgoing | null>;

export interface LogFeedInput {
  readonly name: StreamLog;
  readonly bus: Bus;
  readonly subject: string;
  readonly project: Projection;
  readonly log: Log;
  readonly trail: Trail;
}

/** One reader of one log for all browsers. A browser that resumes reads the missed range by itself and then joins, in
 *  the very tick in which it has caught up, so that nothing is missed or doubled. */
export class LogFeed {
  readonly name: StreamLog;
  readonly #input: LogFeedInput;
  readonly #live = new Set<StreamClient>();
  #position = 0;

  constructor(input: LogFeedInput) {
    this.name = input.name;
    this.#input = input;
  }

  /** Sequence number of the last message handed to the browsers. */
  get position(): number {
    return this.#position;
  }

  /** Everything in the log up to now is the lists' affair, what comes from now on is the stream's. */
  async open(): Promise<void> {
    this.#position = (await this.#input.bus.info(this.name)).lastSeq;
  }

  run(signal: AbortSignal): Promise<void> {
    const { bus, subject, log, project, trail } = this.#input;
    const handle = async (message: LogMessage) => {
      const from = wallTime();
      const outgoing = await project(message);
      this.#position = message.seq;
      for (const client of this.#live) client.deliver(this.name, message.seq, outgoing);
      const browsers = this.#live.size;
      if (outgoing?.shows) {
        const { fields, ...shown } = outgoing.shows;
        trail.tell({ name: "show", from, ...shown, fields: { ...fields, browsers } });
      }
    };
    return followLog({ bus, stream: this.name, subject, from: () => this.#position + 1, handle, log }, signal);
  }

  async join(client: StreamClient): Promise<void> {
    client.closed.addEventListener("abort", () => this.#live.delete(client), { once: true });
    if (client.at(this.name) >= this.#position) this.#live.add(client);
    else await this.#catchUp(client);
  }

  /** Reads without the subject, because the position that ends the range may be another city's message. */
  async #catchUp(client: StreamClient): Promise<void> {
    const { bus, subject, project } = this.#input;
    const from = client.at(this.name) + 1;
    for await (const batch of bus.read(this.name, { from, batch: BATCH }, client.closed)) {
      for (const message of batch) {
        await client.drained();
        client.deliver(this.name, message.seq, message.subject === subject ? await project(message) : null);
      }
      if (client.closed.aborted) return;
      if (client.at(this.name) < this.#position) continue;
      this.#live.add(client);
      return;
    }
  }
}
