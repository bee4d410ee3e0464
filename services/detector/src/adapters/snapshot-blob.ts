import type { Blobs } from "@hotgrid/bus";
import { Unavailable } from "@hotgrid/runtime";
import type { SnapshotStore } from "../ports.ts";
import { readSnapshotBytes, snapshotBytes } from "./snapshot-bytes.ts";

/** Snapshots where every instance can read them: an object of the log's own store (docs/decisions/0006). An instance
 *  that replaces a snapshot that it has not seen is told so, and knows it the next time: whichever of two stands there,
 *  each is right as of its position. */
export function snapshotBlob(blobs: Blobs, name: string): SnapshotStore {
  let revision = 0;
  return {
    place: name,
    read: async () => {
      const blob = await blobs.get(name);
      revision = blob?.revision ?? 0;
      return blob ? readSnapshotBytes(blob.data) : null;
    },
    write: async (snapshot) => {
      const written = await blobs.put(name, Buffer.concat(snapshotBytes(snapshot)), revision);
      revision = written ?? (await blobs.get(name))?.revision ?? 0;
      if (written === null) throw new Unavailable("another instance has written a snapshot meanwhile");
    },
    setAside: async () => {
      const aside = `${name}.set-aside`;
      const [blob, older] = await Promise.all([blobs.get(name), blobs.get(aside)]);
      if (blob) await blobs.put(aside, blob.data, older?.revision ?? 0);
      return aside;
    },
  };
}
