import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** State of the detector as of a position of the log. */
export interface Snapshot {
  /** Last sequence number of READINGS that the state covers. */
  readonly position: number;
  readonly state: Uint8Array;
}

const MAGIC = "HOTGRID-DETECTOR-1\n";
const DIGEST_BYTES = 32;
const POSITION_BYTES = 8;

/** Writes beside the file, syncs, and renames over it, so that a crash leaves the old one or the new one. The layout:
 *  magic, SHA-256 of what follows, position (big endian), state. */
export async function writeSnapshotFile(file: string, { position, state }: Snapshot): Promise<void> {
  const head = Buffer.alloc(POSITION_BYTES);
  head.writeBigUInt64BE(BigInt(position));
  const digest = createHash("sha256").update(head).update(state).digest();
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, "w");
  try {
    await handle.writev([Buffer.from(MAGIC), digest, head, state]);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncDirectory(dirname(file));
}

/** The rename itself is durable only when the directory is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Null where there is none. Throws an Error that says why where it can't be used. */
export async function readSnapshotFile(file: string): Promise<Snapshot | null> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!bytes) return null;
  const from = MAGIC.length + DIGEST_BYTES;
  if (bytes.length < from + POSITION_BYTES || bytes.subarray(0, MAGIC.length).toString() !== MAGIC) {
    throw new Error("the file is no snapshot of this detector");
  }
  const digest = createHash("sha256").update(bytes.subarray(from)).digest();
  if (!digest.equals(bytes.subarray(MAGIC.length, from))) throw new Error("the file is damaged: its digest differs");
  return {
    position: Number(bytes.readBigUInt64BE(from)),
    state: new Uint8Array(bytes.subarray(from + POSITION_BYTES)),
  };
}
