import type { StreamKey } from "@hotgrid/contracts";

/** The log that services share: durable streams of messages, read by durable consumers or from a position.
 *  Two adapters fit it without a lowest common denominator: a SQLite file, and NATS JetStream. */
export interface Bus {
  /** Resolves once the log has it durably: SQLite commit with synchronous=FULL, JetStream PubAck of every entry.
   *  Rejects with Unavailable where the log can't take it (disk full, no quorum): SQLite then has none of the entries,
   *  JetStream may have some, so that the caller appends all again; what must not be there twice has a messageId.
   *  An entry whose messageId the stream saw within its duplicate window is not appended again.
   *  Appends of one caller keep their order. */
  append(stream: StreamKey, entries: readonly Entry[]): Promise<readonly Appended[]>;

  /** Takes a subject for one writer. From then on whatever an earlier writer of the subject appends is refused with
   *  Fenced and is not in the log, however late that writer wakes up. Plain appends to the subject are for nobody then. */
  claim(stream: StreamKey, subject: string): Promise<Writer>;

  /** Delivers to a durable consumer until `signal` aborts: at least once, in order as long as nothing fails; each
   *  message is redelivered until acknowledged. Instances with the same durable name share the work.
   *  Resolves when stopped and the running handler has returned; rejects with what the handler threw. */
  consume(stream: StreamKey, options: ConsumeOptions, handle: DeliveryHandler, signal: AbortSignal): Promise<void>;

  /** Reads in order from a position (the oldest kept, where that one has aged out), without acknowledgement or shared state: for a reader that keeps its own position
   *  (the detector's snapshot, a browser's Last-Event-ID). Waits for new messages until `signal` aborts. */
  read(stream: StreamKey, options: ReadOptions, signal: AbortSignal): AsyncIterable<readonly LogMessage[]>;

  /** First sequence number kept and last one given; last is 0 for a stream that never had a message, and first is
   *  last + 1 where nothing is kept. */
  info(stream: StreamKey): Promise<StreamInfo>;
  /** Messages not yet settled by a durable consumer, of all its subjects: not delivered, or in hand. All of the stream
   *  before its first run. */
  lag(stream: StreamKey, durable: string): Promise<number>;

  /** One question, one answer, between services that are up now (NATS request; in process in the embedded system).
   *  Throws Unavailable where nobody answers within the time. */
  request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  /** Answers requests until the returned function is called. */
  respond(subject: string, answer: (data: Uint8Array) => Promise<Uint8Array>): Promise<() => Promise<void>>;

  close(): Promise<void>;
}

export interface Entry {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Identifies the message within the stream's duplicate window. */
  readonly messageId?: string;
}

/** Appends to the one subject that it has claimed. */
export interface Writer {
  /** As Bus.append, each entry after the one before it. Throws Fenced once another has claimed the subject. */
  append(entries: readonly Omit<Entry, "subject">[]): Promise<readonly Appended[]>;
  /** Throws Fenced where another has claimed the subject by now: for what its owner does beside appending. */
  check(): Promise<void>;
}

/** Another writer has claimed the subject: this one has lost its right, and nothing of it was appended since. */
export class Fenced extends Error {
  constructor(subject: string, options?: ErrorOptions) {
    super(`another writer has claimed ${subject}`, options);
    this.name = "Fenced";
  }
}

export interface Appended {
  readonly seq: number;
  readonly duplicate: boolean;
}

export interface LogMessage {
  readonly subject: string;
  /** Position in the stream: rises, may have gaps. */
  readonly seq: number;
  readonly data: Uint8Array;
}

/** A message of a durable consumer. Exactly one of ack, nak and term settles it. */
export interface Delivery extends LogMessage {
  /** 1 for the first. */
  readonly attempt: number;
  /** Done: after the handler's own commit. */
  ack(): void;
  /** Again, after the back-off or the given time. */
  nak(delayMs?: number): void;
  /** Never again: the caller has dead-lettered it. */
  term(): void;
}

export interface ConsumeOptions {
  /** Name of the consumer: its position survives restarts. */
  readonly durable: string;
  /** Where a new durable starts. */
  readonly startAt: "first" | "new";
  /** Only this subject. In JetStream each subject of a durable has a position of its own (the cities of a stream); the
   *  embedded log has one city. */
  readonly subject?: string;
  /** Largest number of messages handed over at once. */
  readonly batch: number;
  /** Shortest pause between two hand-overs of less than a full batch, ms of the wall; none unless given. For a handler
   *  whose commit is dear: it gets more messages at once, later. */
  readonly gatherMs?: number;
  /** Not settled within this time, a message is delivered again, ms. */
  readonly ackWaitMs: number;
  /** After this many deliveries the message goes to DEADLETTERS ("max-deliveries"). A message of DEADLETTERS itself
   *  has nowhere else to go and comes again until it is taken. */
  readonly maxDeliveries: number;
  /** Pause before the 2nd, 3rd, … delivery, ms; the last entry repeats. */
  readonly backoffMs: readonly number[];
}

export type DeliveryHandler = (batch: readonly Delivery[]) => Promise<void>;

export interface ReadOptions {
  /** First position wanted, or "new" for what comes from now on. */
  readonly from: number | "new";
  readonly subject?: string;
  readonly batch: number;
}

export interface StreamInfo {
  readonly firstSeq: number;
  readonly lastSeq: number;
}
