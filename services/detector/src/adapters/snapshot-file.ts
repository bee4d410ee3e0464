import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Snapshot, SnapshotStore } from "../ports.ts";
import { readSnapshotBytes, snapshotBytes } from "./snapshot-bytes.ts";

/** Snapshots in a file, for one process on one machine. */
export function snapshotFile(file: string): SnapshotStore {
  return {
    place: file,
    read: async () => {
      const bytes = await unlessMissing(readFile(file));
      return bytes ? readSnapshotBytes(bytes) : null;
    },
    write: (snapshot) => write(file, snapshot),
    setAside: async () => {
      const aside = `${file}.set-aside`;
      await unlessMissing(rename(file, aside));
      return aside;
    },
  };
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}

/** Beside the file, synced, and renamed over it, so that a crash leaves the old one or the new one. */
async function write(file: string, snapshot: Snapshot): Promise<void> {
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, "w");
  try {
    await handle.writev([...snapshotBytes(snapshot)]);
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
