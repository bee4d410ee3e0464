import { STREAMS, type StreamKey } from "@hotgrid/contracts";
import { DiscardPolicy, type JetStreamManager, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { configOfStream } from "./known-streams.ts";
import type { Nats } from "./nats-connection.ts";

export interface StreamLimits {
  /** Copies of each message: 1, or 3 on three servers, which survives the loss of one. */
  readonly replicas: 1 | 3 | 5;
  /** Bytes that each stream may hold on disk, undefined for the server's own limit. A full stream refuses what comes,
   *  as a full disk does: removing the oldest instead would lose in silence what nobody has stored yet. */
  readonly maxBytes?: number;
}

/** Makes the streams of the table STREAMS, or brings what is there to its limits. */
export async function ensureStreams(nats: Nats, manager: JetStreamManager, limits: StreamLimits): Promise<void> {
  for (const key of Object.keys(STREAMS) as StreamKey[]) {
    await nats.ask(`preparing the stream ${STREAMS[key].name}`, () => ensureStream(nats, manager, key, limits));
  }
}

async function ensureStream(
  nats: Nats,
  manager: JetStreamManager,
  key: StreamKey,
  limits: StreamLimits,
): Promise<void> {
  const { name, subject, maxAgeMs, duplicateWindowMs } = STREAMS[key];
  const changeable = {
    max_age: nanos(maxAgeMs),
    max_bytes: limits.maxBytes ?? -1,
    num_replicas: limits.replicas,
    // 0 stands for the server's two minutes; without message ids it costs nothing.
    ...(duplicateWindowMs > 0 && { duplicate_window: nanos(duplicateWindowMs) }),
  };
  const config = await configOfStream(nats, manager, name);
  if (!config) {
    await manager.streams.add({
      name,
      subjects: [`${subject}.*`],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      ...changeable,
    });
    return;
  }
  const wanted = { ...config, ...changeable };
  const differs = Object.entries(changeable).some(([name, value]) => Reflect.get(config, name) !== value);
  if (differs) await manager.streams.update(name, wanted);
}
