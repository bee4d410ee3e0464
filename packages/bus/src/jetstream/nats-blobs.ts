import { JetStreamApiCodes, type JetStreamClient } from "@nats-io/jetstream";
import { type ObjectStore, Objm } from "@nats-io/obj";
import { nanos } from "@nats-io/transport-node";
import type { Blobs } from "../distributed-port.ts";
import { hasCode } from "./ensure-streams.ts";
import type { Nats } from "./nats-connection.ts";

/** Longest time until a part is written, ms. Ours: `sync_interval: always` on a slow disk included. */
const PART_MS = 10_000;
/** What nobody has replaced for so long goes away, and so do the parts of a write that was killed, ms. Ours: as long as
 *  the longest log. */
const KEEP_MS = 90 * 86_400_000;

/** Opens an object store. */
export async function openBlobs(
  nats: Nats,
  client: JetStreamClient,
  bucket: { readonly name: string; readonly replicas: number },
): Promise<Blobs> {
  const options = { replicas: bucket.replicas, ttl: nanos(KEEP_MS) };
  const store = await nats.ask("opening an object store", () => new Objm(client).create(bucket.name, options));
  return new NatsBlobs(nats, store);
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
      // Before the data: whoever replaces it meanwhile is found out by the next put.
      const revision = (await this.#store.info(name))?.revision;
      const data = await this.#store.getBlob(name);
      return data === null || revision === undefined ? null : { data, revision };
    });
  }

  put(name: string, data: Uint8Array, revision: number): Promise<number | null> {
    return this.#nats.ask(`writing ${name}`, async () => {
      try {
        const options = { timeout: PART_MS, previousRevision: revision };
        return (await this.#store.putBlob({ name }, data, options)).revision;
      } catch (error) {
        if (hasCode(error, JetStreamApiCodes.StreamWrongLastSequence)) return null;
        throw error;
      }
    });
  }
}
