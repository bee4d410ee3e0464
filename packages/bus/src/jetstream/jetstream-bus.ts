import { STREAMS, type StreamKey } from "@hotgrid/contracts";
import { type Clock, type Log, Unavailable } from "@hotgrid/runtime";
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { givenUpEntry } from "../dead-letter-entry.ts";
import type { Blobs, DistributedBus, Leases } from "../distributed-port.ts";
import type {
  Appended,
  ConsumeOptions,
  DeliveryHandler,
  Entry,
  LogMessage,
  ReadOptions,
  StreamInfo,
  Writer,
} from "../port.ts";
import { WakeUp } from "../wake-up.ts";
import { claimSubject } from "./claimed-subject.ts";
import { consumersOf } from "./consumers-of.ts";
import type { Delivered } from "./delivered.ts";
import { ensureStreams, type StreamLimits } from "./ensure-streams.ts";
import { JetStreamConsumer } from "./jetstream-consumer.ts";
import { JetStreamReader } from "./jetstream-reader.ts";
import { StreamWatch } from "./known-streams.ts";
import { idOf } from "./message-id.ts";
import { openBlobs } from "./nats-blobs.ts";
import { Nats, type NatsSettings } from "./nats-connection.ts";
import { openLeases } from "./nats-leases.ts";
import { NatsRequests } from "./nats-requests.ts";
import { PublishWindow } from "./publish-window.ts";
import { SilentLeaders } from "./silent-leaders.ts";
import { stored } from "./write-answers.ts";

export interface JetStreamBusOptions extends NatsSettings, StreamLimits {
  /** Stamps what this process itself writes (dead letters); ages and duplicate windows are measured by the server. */
  readonly clock: Clock;
  readonly log: Log;
}

/** Longest time until JetStream acknowledges a message, ms. Ours: a slow disk with `sync_interval: always` included. */
const ACKNOWLEDGE_MS = 10_000;
/** Pause before another try to learn where the log ends, ms. Ours. */
const RETRY_MS = 1000;

/** The log in NATS JetStream. Throws Unavailable where no server answers. */
export async function openJetStreamBus(options: JetStreamBusOptions): Promise<DistributedBus> {
  const nats = await Nats.connect(options, options.log);
  try {
    const manager = await nats.ask("looking for JetStream", () => jetstreamManager(nats.nc));
    await ensureStreams(nats, manager, options);
    return new JetStreamBus(nats, manager, options);
  } catch (error) {
    await nats.close();
    throw error;
  }
}

class JetStreamBus implements DistributedBus {
  readonly #nats: Nats;
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #replicas: number;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #requests: NatsRequests;
  readonly #watch: StreamWatch;
  readonly #leaders: SilentLeaders;
  readonly #windows = new Map<StreamKey, PublishWindow>();
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(nats: Nats, manager: JetStreamManager, { clock, log, replicas }: JetStreamBusOptions) {
    this.#replicas = replicas;
    this.#nats = nats;
    this.#client = jetstream(nats.nc);
    this.#manager = manager;
    this.#clock = clock;
    this.#log = log;
    this.#requests = new NatsRequests(nats, log);
    this.#watch = new StreamWatch({ nats, manager, log });
    this.#leaders = new SilentLeaders(nats, log);
  }

  append(stream: StreamKey, entries: readonly Entry[]): Promise<readonly Appended[]> {
    if (this.#stop.signal.aborted) return Promise.reject(new Unavailable("the log is closed"));
    return this.#track(this.#windowOf(stream).append(entries));
  }

  /** One window each: a stream without a leader holds up no other. */
  #windowOf(stream: StreamKey): PublishWindow {
    const window = this.#windows.get(stream) ?? new PublishWindow((entry) => this.#publish(stream, entry));
    this.#windows.set(stream, window);
    return window;
  }

  async #publish(stream: StreamKey, { subject, data, messageId }: Entry): Promise<Appended> {
    const { name, duplicateWindowMs } = STREAMS[stream];
    const options = { timeout: ACKNOWLEDGE_MS, ...(duplicateWindowMs > 0 && { msgID: idOf(messageId) }) };
    const publish = async () => stored(await this.#client.publish(subject, data, options));
    return this.#nats.ask(`appending to ${name}`, () => this.#leaders.watch(name, publish));
  }

  claim(stream: StreamKey, subject: string): Promise<Writer> {
    const { name } = STREAMS[stream];
    const [nats, client, manager, leaders] = [this.#nats, this.#client, this.#manager, this.#leaders];
    return claimSubject({ nats, client, manager, leaders, stream: name, subject, timeoutMs: ACKNOWLEDGE_MS });
  }

  consume(stream: StreamKey, options: ConsumeOptions, handle: DeliveryHandler, signal: AbortSignal): Promise<void> {
    const consumer = this.#consumer(stream, options);
    return this.#track(consumer.run(handle, AbortSignal.any([signal, this.#stop.signal])));
  }

  prepare(stream: StreamKey, options: ConsumeOptions): Promise<void> {
    return this.#consumer(stream, options).prepare();
  }

  #consumer(stream: StreamKey, options: ConsumeOptions): JetStreamConsumer {
    return new JetStreamConsumer({
      nats: this.#nats,
      manager: this.#manager,
      stream,
      options,
      giveUp: (message) => this.#giveUp(stream, options.durable, message),
      log: this.#log,
    });
  }

  async *read(stream: StreamKey, options: ReadOptions, signal: AbortSignal): AsyncGenerator<readonly LogMessage[]> {
    const stop = AbortSignal.any([signal, this.#stop.signal]);
    const from = options.from === "new" ? await this.#end(stream, stop) : options.from;
    const [nats, manager, log] = [this.#nats, this.#manager, this.#log];
    yield* new JetStreamReader({ nats, manager, stream, options, log }).read(from, stop);
  }

  /** Where the next message will stand. */
  async #end(stream: StreamKey, signal: AbortSignal): Promise<number> {
    for (;;) {
      try {
        return (await this.info(stream)).lastSeq + 1;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        if (signal.aborted) return 1;
        this.#log.warn({ err: error, stream }, "reader waits for the log");
        await new WakeUp().wait(RETRY_MS, signal);
      }
    }
  }

  async info(stream: StreamKey): Promise<StreamInfo> {
    this.#watch.refuseForgotten(stream);
    const { state } = await this.#nats.ask("asking for a stream", () =>
      this.#manager.streams.info(STREAMS[stream].name),
    );
    return { firstSeq: state.messages === 0 ? state.last_seq + 1 : state.first_seq, lastSeq: state.last_seq };
  }

  lag(stream: StreamKey, durable: string): Promise<number> {
    const { name } = STREAMS[stream];
    return this.#nats.ask("asking for a consumer", async () => {
      const names = await consumersOf(this.#nats, name, durable);
      if (names.length === 0) return (await this.#manager.streams.info(name)).state.messages;
      const infos = await Promise.all(names.map((consumer) => this.#manager.consumers.info(name, consumer)));
      return infos.reduce((sum, { num_pending, num_ack_pending }) => sum + num_pending + num_ack_pending, 0);
    });
  }

  async forget(stream: StreamKey, durable: string): Promise<void> {
    const { name } = STREAMS[stream];
    await this.#nats.ask("forgetting a consumer", async () => {
      const names = await consumersOf(this.#nats, name, durable);
      for (const consumer of names) await this.#manager.consumers.delete(name, consumer);
    });
  }

  request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return this.#requests.request(subject, data, timeoutMs);
  }

  async respond(subject: string, answer: (data: Uint8Array) => Promise<Uint8Array>): Promise<() => Promise<void>> {
    return this.#requests.respond(subject, answer);
  }

  leases(name: string, ttlMs: number): Promise<Leases> {
    const bucket = { name, ttlMs, replicas: this.#replicas };
    return openLeases(this.#nats, this.#client, this.#manager, this.#leaders, bucket);
  }

  blobs(name: string): Promise<Blobs> {
    return openBlobs(this.#nats, this.#client, this.#manager, { name, replicas: this.#replicas });
  }

  forgotten(): readonly StreamKey[] {
    return this.#watch.forgotten;
  }

  async #giveUp(stream: StreamKey, durable: string, { subject, seq, data, attempt }: Delivered): Promise<void> {
    const attempts = attempt - 1;
    this.#log.error({ stream, durable, seq, attempts }, "message given up after its last delivery");
    await this.append("deadLetters", [
      givenUpEntry({ stream: STREAMS[stream].name, durable, subject, seq, data, attempts, at: this.#clock.now() }),
    ]);
  }

  #track<T>(running: Promise<T>): Promise<T> {
    const tracked = running.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return tracked;
  }

  /** Ends readers and consumers, waits for what is being appended, and closes the connection. */
  async close(): Promise<void> {
    this.#watch.close();
    this.#stop.abort(new Error("the log is closed"));
    await Promise.allSettled(this.#running);
    await this.#nats.close();
  }
}
