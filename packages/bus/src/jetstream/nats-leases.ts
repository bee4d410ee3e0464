import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { Lease, Leases } from "../distributed-port.ts";
import { configOfStream } from "./known-streams.ts";
import type { Nats } from "./nats-connection.ts";
import type { SilentLeaders } from "./silent-leaders.ts";
import { isOvertaken } from "./write-answers.ts";

/** Longest time until the bucket answers, ms. Ours: well below any lease's time. */
const ANSWER_MS = 2000;

/** Opens the bucket of one purpose; its keys end after `ttlMs` unless written again. */
export async function openLeases(
  nats: Nats,
  client: JetStreamClient,
  manager: JetStreamManager,
  leaders: SilentLeaders,
  bucket: { readonly name: string; readonly ttlMs: number; readonly replicas: number },
): Promise<Leases> {
  const { name, ttlMs, replicas } = bucket;
  const options = { ttl: ttlMs, replicas, history: 1, timeout: ANSWER_MS };
  const stream = `KV_${name}`;
  const kv = await nats.ask("opening the leases", async () => {
    await configOfStream(nats, manager, stream);
    return new Kvm(client).create(name, options);
  });
  return new NatsLeases({ nats, kv, manager, leaders, stream, prefix: `$KV.${name}.` }, ttlMs);
}

interface Bucket {
  readonly nats: Nats;
  readonly kv: KV;
  readonly manager: JetStreamManager;
  readonly leaders: SilentLeaders;
  /** The bucket's stream, and what stands before a key in its subjects. */
  readonly stream: string;
  readonly prefix: string;
}

/** What a lease was written as before is over after so many of its times, ms by a clock that never goes back. Ours. */
const OVER_AFTER = 2;

class NatsLeases implements Leases {
  readonly ttlMs: number;
  readonly #bucket: Bucket;
  /** The bucket's last message as it was then. */
  #seen: { readonly seq: number; readonly at: number } | undefined;

  constructor(bucket: Bucket, ttlMs: number) {
    this.#bucket = bucket;
    this.ttlMs = ttlMs;
  }

  async acquire(key: string, holder: string): Promise<Lease | null> {
    const revision = await this.#unlessTaken(() => this.#bucket.kv.create(key, holder));
    return revision === null ? null : this.#lease(key, holder, revision);
  }

  /** One question: a list of keys by the client library is a consumer on the server for each time that it is asked for,
   *  which the server keeps for minutes. */
  async held(): Promise<ReadonlySet<string>> {
    const { nats, manager, stream, prefix } = this.#bucket;
    const { state } = await nats.ask("reading the leases", () =>
      manager.streams.info(stream, { subjects_filter: `${prefix}>` }),
    );
    await this.#endExpired(state);
    return new Set(Object.keys(state.subjects ?? {}).map((subject) => subject.slice(prefix.length)));
  }

  /** Whoever holds a lease writes it anew within its time: what was there long ago and is still there the server should have
   *  removed. nats-server 2.9, killed on all nodes at once, can restore keys that it never ends. */
  async #endExpired(state: { readonly messages: number; readonly first_seq: number; readonly last_seq: number }) {
    const now = performance.now();
    const seen = this.#seen;
    if (seen && now - seen.at < OVER_AFTER * this.ttlMs) return;
    this.#seen = { seq: state.last_seq, at: now };
    if (!seen || state.messages === 0 || state.first_seq > seen.seq) return;
    const { nats, manager, stream } = this.#bucket;
    await nats.ask("ending leases that are over", () => manager.streams.purge(stream, { seq: seen.seq + 1 }));
  }

  #lease(key: string, holder: string, taken: number): Lease {
    const { nats, manager, stream, prefix } = this.#bucket;
    let revision: number | null = taken;
    return {
      key,
      renew: async () => {
        const known = revision;
        if (known === null) return false;
        revision = await this.#unlessTaken(() => this.#bucket.kv.update(key, holder, known, ANSWER_MS));
        return revision !== null;
      },
      release: async () => {
        const known = revision;
        revision = null;
        if (known === null) return;
        // What somebody else has written since has a higher number, and stays. Nothing is left, not even a mark.
        const upTo = { filter: `${prefix}${key}`, seq: known + 1 };
        await nats.ask("giving back a lease", () => manager.streams.purge(stream, upTo));
      },
    };
  }

  /** Null where the key is not as its writer thought: the lease is another's. */
  #unlessTaken(write: () => Promise<number>): Promise<number | null> {
    const { nats, leaders, stream } = this.#bucket;
    return nats.ask("writing a lease", async () => {
      try {
        return await leaders.watch(stream, write);
      } catch (error) {
        if (isOvertaken(error)) return null;
        throw error;
      }
    });
  }
}
