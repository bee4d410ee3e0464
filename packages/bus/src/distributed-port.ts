import type { StreamKey } from "@hotgrid/contracts";
import type { Bus, ConsumeOptions } from "./port.ts";

/** What only a log that several processes share has: who of them does what, and what they leave to each other. */
export interface DistributedBus extends Bus {
  /** Leases of one purpose. All who use a name give it the same time. */
  leases(name: string, ttlMs: number): Promise<Leases>;
  /** Makes a durable consumer that nobody runs yet, so that it gets what comes until then; nothing where it is there. */
  prepare(stream: StreamKey, options: ConsumeOptions): Promise<void>;
  /** Forgets a durable consumer, of all its subjects: whoever runs it next starts as a new one. Nobody may run it now. */
  forget(stream: StreamKey, durable: string): Promise<void>;
  /** Things too large for a message, by name. */
  blobs(name: string): Promise<Blobs>;
  /** Streams of which the servers say that there are none, for some time: a person must look. */
  forgotten(): readonly StreamKey[];
}

/** Rights that end by themselves where they are not renewed, by the server's clock alone. */
export interface Leases {
  readonly ttlMs: number;
  /** Takes a lease that nobody holds; null where somebody does. Throws Unavailable where nobody can say. */
  acquire(key: string, holder: string): Promise<Lease | null>;
  /** Keys that somebody holds now. */
  held(): Promise<ReadonlySet<string>>;
}

export interface Lease {
  readonly key: string;
  /** From the moment of asking it holds for the full time again. False where it was lost. */
  renew(): Promise<boolean>;
  /** Gives it back, where it still is ours. */
  release(): Promise<void>;
}

export interface Blobs {
  /** Null where there is none. Throws an Error where what was read is not what was written. */
  get(name: string): Promise<Blob | null>;
  /** Replaces the revision that the caller knows (0: there is none) and returns the new one; null where somebody has
   *  replaced it meanwhile. */
  put(name: string, data: Uint8Array, revision: number): Promise<number | null>;
}

interface Blob {
  readonly data: Uint8Array;
  readonly revision: number;
}
