import type { StreamKey } from "@hotgrid/contracts";
import { type Clock, ManualClock } from "@hotgrid/runtime";
import { afterEach, beforeEach } from "vitest";
import type { Bus, ConsumeOptions, Delivery, Entry, LogMessage } from "../port.ts";

/** A log under test: `reopen` closes it as a stopping process would and opens it again on the same data. */
export interface OpenedBus {
  readonly bus: Bus;
  reopen(): Promise<Bus>;
  close(): Promise<void>;
}

/** Subjects of no real place. */
export const SUBJECT = "readings.9901";
export const OTHER_SUBJECT = "readings.9902";

export const entry = (text: string, subject = SUBJECT): Entry => ({ subject, data: Buffer.from(text) });
export const textOf = (message: LogMessage): string => Buffer.from(message.data).toString();

/** Acknowledges one message and has seen enough. */
export function takeOne(message: Delivery): "enough" {
  message.ack();
  return "enough";
}

/** One empty log per test, and the loops that every test needs. */
export class ContractRun {
  #opened: OpenedBus | undefined;
  #bus: Bus | undefined;

  constructor(open: (clock: Clock) => Promise<OpenedBus>) {
    beforeEach(async () => {
      this.#opened = await open(new ManualClock(Date.parse("2026-11-22T08:00:00+08:00")));
      this.#bus = this.#opened.bus;
    });
    afterEach(() => this.#opened?.close());
  }

  get bus(): Bus {
    if (!this.#bus) throw new Error("the log is opened before each test");
    return this.#bus;
  }

  async reopen(): Promise<void> {
    this.#bus = await this.#opened?.reopen();
  }

  append(...texts: readonly string[]): Promise<readonly { seq: number; duplicate: boolean }[]> {
    return this.bus.append(
      "readings",
      texts.map((text) => entry(text)),
    );
  }

  /** Consumes until `handle` says that it has seen enough, and returns what was delivered, as "text#attempt". */
  async consume(
    over: Partial<ConsumeOptions>,
    handle: (message: Delivery, seen: readonly string[]) => "enough" | undefined | Promise<"enough" | undefined>,
    stream: StreamKey = "readings",
  ): Promise<string[]> {
    const stop = new AbortController();
    const seen: string[] = [];
    const options: ConsumeOptions = {
      durable: "d",
      startAt: "first",
      batch: 10,
      ackWaitMs: 10_000,
      maxDeliveries: 5,
      backoffMs: [20],
      ...over,
    };
    const handleAll = async (batch: readonly Delivery[]) => {
      for (const message of batch) {
        seen.push(`${textOf(message)}#${message.attempt}`);
        if ((await handle(message, seen)) === "enough") stop.abort();
      }
    };
    await this.bus.consume(stream, options, handleAll, stop.signal);
    return seen;
  }

  /** Reads `count` messages from a position. */
  async read(from: number, count: number, subject?: string, stream: StreamKey = "readings"): Promise<LogMessage[]> {
    const stop = new AbortController();
    const seen: LogMessage[] = [];
    const options = { from, batch: 3, ...(subject === undefined ? {} : { subject }) };
    for await (const batch of this.bus.read(stream, options, stop.signal)) {
      seen.push(...batch);
      if (seen.length >= count) stop.abort();
    }
    return seen;
  }

  async readTexts(from: number, count: number, subject?: string): Promise<string[]> {
    return (await this.read(from, count, subject)).map(textOf);
  }
}
