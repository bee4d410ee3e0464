import { STREAMS, type StreamKey } from "@hotgrid/contracts";
import { type Clock, type Log, Unavailable } from "@hotgrid/runtime";
import { AppendQueue } from "./append-queue.ts";
import { givenUpEntry } from "./dead-letter-entry.ts";
import { InProcessRequests } from "./in-process-requests.ts";
import {
  type Appended,
  type Bus,
  type ConsumeOptions,
  type DeliveryHandler,
  type Entry,
  Fenced,
  type LogMessage,
  type ReadOptions,
  type StreamInfo,
  type Writer,
} from "./port.ts";
import { SqliteConsumers } from "./sqlite-consumers.ts";
import { SqliteCursors } from "./sqlite-cursors.ts";
import { working } from "./sqlite-failure.ts";
import { SqliteLog } from "./sqlite-log.ts";
import { WakeUp } from "./wake-up.ts";

export interface SqliteBusOptions {
  /** Path of the log's file; "-wal" and "-shm" stand beside it. One process at a time. */
  readonly file: string;
  /** Stamps messages; age and duplicate windows are measured by it. */
  readonly clock: Clock;
  readonly log: Log;
}

/** Between two removals of what is past its age, ms of the clock. Ours. */
const SWEEP_EVERY_MS = 10 * 60_000;
const STREAM_KEYS = Object.keys(STREAMS) as StreamKey[];

/** The log in one SQLite file. Throws Unavailable where the file can't be opened for now. */
export async function openSqliteBus(options: SqliteBusOptions): Promise<Bus> {
  return working("opening the log", () => new SqliteBus(options));
}

class SqliteBus implements Bus {
  readonly #clock: Clock;
  readonly #logger: Log;
  readonly #log: SqliteLog;
  readonly #queue: AppendQueue;
  readonly #requests = new InProcessRequests();
  readonly #wakeUps = Object.fromEntries(STREAM_KEYS.map((key) => [key, new WakeUp()])) as Record<StreamKey, WakeUp>;
  readonly #consumers: SqliteConsumers;
  readonly #claims = new Map<string, symbol>();
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor({ file, clock, log }: SqliteBusOptions) {
    this.#clock = clock;
    this.#logger = log;
    this.#log = new SqliteLog(file);
    this.#queue = new AppendQueue((group) => this.#commit(group));
    this.#consumers = new SqliteConsumers({
      log: this.#log,
      cursors: new SqliteCursors(file),
      wakeUp: (stream) => this.#wakeUps[stream],
      giveUp: (stream, durable, message, attempts) => this.#giveUp(stream, durable, message, attempts),
      logger: log,
    });
    void this.#track(this.#sweepForever());
  }

  append(stream: StreamKey, entries: readonly Entry[]): Promise<readonly Appended[]> {
    if (this.#stop.signal.aborted) return Promise.reject(new Unavailable("the log is closed"));
    return this.#queue.append(stream, entries);
  }

  /** One process has the file, so that a right to write lives in its memory. */
  async claim(stream: StreamKey, subject: string): Promise<Writer> {
    const place = `${stream}/${subject}`;
    const claim = Symbol(place);
    this.#claims.set(place, claim);
    const check = async () => {
      if (this.#claims.get(place) !== claim) throw new Fenced(subject);
    };
    const append = async (entries: readonly Omit<Entry, "subject">[]) => {
      await check();
      return this.append(
        stream,
        entries.map((entry) => ({ ...entry, subject })),
      );
    };
    return { append, check };
  }

  #commit(group: readonly { stream: StreamKey; entries: readonly Entry[] }[]): Appended[][] {
    const results = working("appending to the log", () => this.#log.append(group, this.#clock.now()));
    for (const stream of new Set(group.map((append) => append.stream))) this.#wakeUps[stream].wake();
    return results;
  }

  consume(stream: StreamKey, options: ConsumeOptions, handle: DeliveryHandler, signal: AbortSignal): Promise<void> {
    const consumer = working("reading a cursor", () => this.#consumers.open(stream, options));
    // A dead letter has nowhere else to go: it comes again until it is taken.
    const lasting = stream === "deadLetters" ? { ...options, maxDeliveries: Number.POSITIVE_INFINITY } : options;
    return this.#track(consumer.run(lasting, handle, AbortSignal.any([signal, this.#stop.signal])));
  }

  read(stream: StreamKey, options: ReadOptions, signal: AbortSignal): AsyncIterable<readonly LogMessage[]> {
    const from = options.from === "new" ? this.#log.info(stream).lastSeq + 1 : options.from;
    return this.#readFrom(stream, from, options, AbortSignal.any([signal, this.#stop.signal]));
  }

  async *#readFrom(stream: StreamKey, from: number, { subject, batch }: ReadOptions, signal: AbortSignal) {
    let next = from;
    while (!signal.aborted) {
      const messages = working("reading the log", () => this.#log.read(stream, next, subject, batch));
      const last = messages.at(-1);
      if (last) {
        next = last.seq + 1;
        yield messages;
      } else await this.#wakeUps[stream].wait(undefined, signal);
    }
  }

  async info(stream: StreamKey): Promise<StreamInfo> {
    return working("reading the log", () => this.#log.info(stream));
  }

  async lag(stream: StreamKey, durable: string): Promise<number> {
    return working("reading the log", () => this.#consumers.lag(stream, durable));
  }

  request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return this.#requests.request(subject, data, timeoutMs);
  }

  async respond(subject: string, answer: (data: Uint8Array) => Promise<Uint8Array>): Promise<() => Promise<void>> {
    const stop = this.#requests.respond(subject, answer);
    return async () => stop();
  }

  async #giveUp(stream: StreamKey, durable: string, message: LogMessage, attempts: number): Promise<void> {
    const { subject, seq, data } = message;
    this.#logger.error({ stream, durable, seq, attempts }, "message given up after its last delivery");
    await this.append("deadLetters", [
      givenUpEntry({ stream: STREAMS[stream].name, durable, subject, seq, data, attempts, at: this.#clock.now() }),
    ]);
  }

  async #sweepForever(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#sweep();
      await this.#clock.until(this.#clock.now() + SWEEP_EVERY_MS, signal).catch((reason: unknown) => {
        if (!signal.aborted) throw reason;
      });
    }
  }

  async #sweep(): Promise<void> {
    for (const stream of STREAM_KEYS) {
      try {
        while (!this.#stop.signal.aborted && this.#log.sweep(stream, this.#clock.now())) {
          await new Promise((resolve) => setImmediate(resolve));
        }
      } catch (err) {
        this.#logger.warn({ err, stream }, "aged messages not removed, will be tried again");
      }
    }
  }

  #track(running: Promise<void>): Promise<void> {
    const tracked = running.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return tracked;
  }

  /** Ends readers and consumers, writes what was appended, and closes the file. */
  async close(): Promise<void> {
    this.#stop.abort(new Error("the log is closed"));
    await Promise.allSettled(this.#running);
    while (!this.#queue.empty) this.#queue.flush();
    this.#consumers.close();
    this.#log.close();
  }
}
