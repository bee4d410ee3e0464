import type { StreamKey } from "@hotgrid/contracts";
import type { Log } from "@hotgrid/runtime";
import { DeliveryLedger } from "./delivery-ledger.ts";
import { DurableConsumer } from "./durable-consumer.ts";
import type { ConsumeOptions, LogMessage } from "./port.ts";
import type { SqliteCursors } from "./sqlite-cursors.ts";
import { working } from "./sqlite-failure.ts";
import type { SqliteLog } from "./sqlite-log.ts";
import type { WakeUp } from "./wake-up.ts";

interface Needs {
  readonly log: SqliteLog;
  readonly cursors: SqliteCursors;
  readonly wakeUp: (stream: StreamKey) => WakeUp;
  readonly giveUp: (stream: StreamKey, durable: string, message: LogMessage, attempts: number) => Promise<void>;
  readonly logger: Log;
}

/** Until a cursor that could not be written is tried again, ms. Ours. */
const SAVE_RETRY_MS = 1000;

/** The durable consumers of one file: each opened once, whatever the number of its instances, with its cursor kept. */
export class SqliteConsumers {
  readonly #needs: Needs;
  readonly #open = new Map<string, DurableConsumer>();
  readonly #unsaved = new Set<() => void>();
  #retry: NodeJS.Timeout | undefined;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  open(stream: StreamKey, { durable, startAt, subject }: ConsumeOptions): DurableConsumer {
    const name = `${stream}/${durable}`;
    const open = this.#open.get(name);
    if (open) return open;
    const { log, cursors } = this.#needs;
    const nextSeq = startAt === "first" ? 1 : log.info(stream).lastSeq + 1;
    const known = cursors.load(stream, durable) ?? { nextSeq, unsettled: [] };
    const consumer = this.#connect(stream, durable, new DeliveryLedger({ ...known, subject }));
    this.#open.set(name, consumer);
    return consumer;
  }

  #connect(stream: StreamKey, durable: string, ledger: DeliveryLedger): DurableConsumer {
    const { log, cursors, wakeUp, giveUp, logger } = this.#needs;
    const save = () => working("writing a cursor", () => cursors.save(stream, durable, ledger.cursor));
    save();
    const consumed = {
      read: (from: number, limit: number) =>
        working("reading the log", () => log.read(stream, from, ledger.subject, limit)),
      one: (seq: number) => working("reading the log", () => log.one(stream, seq)),
      save,
      saveSoon: () => this.#saveSoon(save),
      giveUp: (message: LogMessage, attempts: number) => giveUp(stream, durable, message, attempts),
      aged: (seq: number) => logger.error({ stream, durable, seq }, "message aged out before it was acknowledged"),
      unavailable: (err: Error) => logger.warn({ err, stream, durable }, "consumer waits for the log"),
    };
    return new DurableConsumer(ledger, consumed, wakeUp(stream));
  }

  /** Messages that a durable has not settled; all of the stream where it never ran. */
  lag(stream: StreamKey, durable: string): number {
    const { log, cursors } = this.#needs;
    const cursor = this.#open.get(`${stream}/${durable}`)?.ledger.cursor ?? cursors.load(stream, durable);
    if (!cursor) return log.count(stream, 1, undefined);
    return cursor.unsettled.length + log.count(stream, cursor.nextSeq, cursor.subject);
  }

  #saveSoon(save: () => void): void {
    if (this.#unsaved.size === 0) setImmediate(() => this.#saveAll());
    this.#unsaved.add(save);
  }

  /** A failure loses no acknowledgement: the ledger in memory stays right, and the next try writes it whole. */
  #saveAll(): void {
    this.#retry = undefined;
    for (const save of this.#unsaved) {
      try {
        save();
        this.#unsaved.delete(save);
      } catch (err) {
        this.#needs.logger.warn({ err }, "cursor not written, will be tried again");
        this.#retry ??= setTimeout(() => this.#saveAll(), SAVE_RETRY_MS);
      }
    }
  }

  close(): void {
    this.#saveAll();
    clearTimeout(this.#retry);
    this.#unsaved.clear();
    this.#needs.cursors.close();
  }
}
