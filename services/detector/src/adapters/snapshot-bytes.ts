import { createHash } from "node:crypto";
import type { Snapshot } from "../ports.ts";

const MAGIC = "HOTGRID-DETECTOR-1\n";
const DIGEST_BYTES = 32;
const POSITION_BYTES = 8;

/** Magic, SHA-256 of what follows, position (big endian), state. */
export function snapshotBytes({ position, state }: Snapshot): readonly Uint8Array[] {
  const head = Buffer.alloc(POSITION_BYTES);
  head.writeBigUInt64BE(BigInt(position));
  const digest = createHash("sha256").update(head).update(state).digest();
  return [Buffer.from(MAGIC), digest, head, state];
}

/** Throws an Error that says why where they are of another program, cut off or damaged. */
export function readSnapshotBytes(given: Uint8Array): Snapshot {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const from = MAGIC.length + DIGEST_BYTES;
  if (bytes.length < from + POSITION_BYTES || bytes.subarray(0, MAGIC.length).toString() !== MAGIC) {
    throw new Error("it is no snapshot of this detector");
  }
  const digest = createHash("sha256").update(bytes.subarray(from)).digest();
  if (!digest.equals(bytes.subarray(MAGIC.length, from))) {
    throw new Error("it is damaged: its digest differs");
  }
  return {
    position: Number(bytes.readBigUInt64BE(from)),
    state: new Uint8Array(bytes.subarray(from + POSITION_BYTES)),
  };
}
