import { Unavailable } from "@hotgrid/runtime";
import { JetStreamApiCodes, type JetStreamClient } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { Lease, Leases } from "../distributed-port.ts";
import { hasCode } from "./ensure-streams.ts";
import type { Nats } from "./nats-connection.ts";

/** Longest time until the bucket answers, ms. Ours: well below any lease's time. */
const ANSWER_MS = 2000;

/** Opens the bucket of one purpose; its keys end after `ttlMs` unless written again. */
export async function openLeases(
  nats: Nats,
  client: JetStreamClient,
  bucket: { readonly name: string; readonly ttlMs: number; readonly replicas: number },
): Promise<Leases> {
  const { name, ttlMs, replicas } = bucket;
  const options = { ttl: ttlMs, replicas, history: 1, timeout: ANSWER_MS };
  const kv = await nats.ask("opening the leases", () => new Kvm(client).create(name, options));
  return new NatsLeases(nats, kv, ttlMs);
}

class NatsLeases implements Leases {
  readonly ttlMs: number;
  readonly #nats: Nats;
  readonly #kv: KV;

  constructor(nats: Nats, kv: KV, ttlMs: number) {
    this.#nats = nats;
    this.#kv = kv;
    this.ttlMs = ttlMs;
  }

  async acquire(key: string, holder: string): Promise<Lease | null> {
    const revision = await this.#unlessTaken(() => this.#kv.create(key, holder));
    return revision === null ? null : this.#lease(key, holder, revision);
  }

  async held(): Promise<ReadonlySet<string>> {
    return this.#nats.ask("reading the leases", async () => {
      const keys = await this.#kv.keys();
      const late = setTimeout(() => keys.stop(new Unavailable("the leases are not told")), ANSWER_MS);
      const held = new Set<string>();
      try {
        for await (const key of keys) held.add(key);
      } finally {
        clearTimeout(late);
      }
      return held;
    });
  }

  #lease(key: string, holder: string, taken: number): Lease {
    let revision: number | null = taken;
    return {
      key,
      renew: async () => {
        const known = revision;
        if (known === null) return false;
        revision = await this.#unlessTaken(() => this.#kv.update(key, holder, known, ANSWER_MS));
        return revision !== null;
      },
      release: async () => {
        const known = revision;
        revision = null;
        if (known === null) return;
        await this.#unlessTaken(async () => {
          await this.#kv.delete(key, { previousSeq: known });
          return 0;
        });
      },
    };
  }

  /** Null where the key is not as its writer thought: the lease is another's. */
  #unlessTaken(write: () => Promise<number>): Promise<number | null> {
    return this.#nats.ask("writing a lease", async () => {
      try {
        return await write();
      } catch (error) {
        if (hasCode(error, JetStreamApiCodes.StreamWrongLastSequence)) return null;
        throw error;
      }
    });
  }
}
