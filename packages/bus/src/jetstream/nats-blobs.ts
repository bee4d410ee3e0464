import { Unavailable } from "@hotgrid/runtime";
import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import { type ObjectStore, Objm } from "@nats-io/obj";
import { nanos } from "@nats-io/transport-node";
import type { Blobs } from "../distributed-port.ts";
import { configOfStream } from "./known-streams.ts";
import type { Nats } from "./nats-connection.ts";
import { isOvertaken } from "./write-answers.ts";

/** Longest time until a part is written, ms. Ours: `sync_interval: always` on a slow disk included. */
const PART_MS = 10_000;
/** Longest time until a part is read, ms. Ours. */
const READ_MS = 5000;
/** What nobody has replaced for so long goes away, and so do the parts of a write that was killed, ms. Ours: as long as
 *  the longest log. */
const KEEP_MS = 90 * 86_400_000;

/** Opens an object store. */
export async function openBlobs(
  nats: Nats,
  client: JetStreamClient,
  manager: JetStreamManager,
  bucket: { readonly name: string; readonly replicas: number },
): Promise<Blobs> {
  const options = { replicas: bucket.replicas, ttl: nanos(KEEP_MS) };
  const store = await nats.ask("opening an object store", async () => {
    await configOfStream(nats, manager, `OBJ_${bucket.name}`);
    return new Objm(client).create(bucket.name, options);
  });
  return new NatsBlobs(nats, store);
}

/** Throws Unavailable where a part does not come: whoever has replaced the blob since it was described has removed its
 *  parts, and the client library would wait for them for ever. */
async function wholeOf(data: ReadableStream<Uint8Array>, name: string): Promise<Uint8Array> {
  const reader = data.getReader();
  const parts: Uint8Array[] = [];
  let isLate = false;
  const giveUp = () => {
    isLate = true;
    void reader.cancel();
  };
  for (;;) {
    const timer = setTimeout(giveUp, READ_MS);
    const { done, value } = await reader.read();
    clearTimeout(timer);
    if (isLate) throw new Unavailable(`a part of ${name} does not come: it was replaced meanwhile`);
    if (done) return Buffer.concat(parts);
    parts.push(value);
  }
}

class NatsBlobs implements Blobs {
  readonly #nats: Nats;
  readonly #store: ObjectStore;

  constructor(nats: Nats, store: ObjectStore) {
    this.#nats = nats;
    this.#store = store;
  }

  get(name: string) {
    return this.#nats.ask(`reading ${name}`, async () => {
      const found = await this.#store.get(name);
      if (found === null) return null;
      // Of the data's own description: whoever replaces it meanwhile is found out by the next put.
      return { data: await wholeOf(found.data, name), revision: found.info.revision };
    });
  }

  put(name: string, data: Uint8Array, revision: number): Promise<number | null> {
    return this.#nats.ask(`writing ${name}`, async () => {
      try {
        const options = { timeout: PART_MS, previousRevision: revision };
        return (await this.#store.putBlob({ name }, data, options)).revision;
      } catch (error) {
        if (isOvertaken(error)) return null;
        throw error;
      }
    });
  }
}
