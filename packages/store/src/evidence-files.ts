import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Where pictures are kept: a folder, or an object store (put and get of S3 do the same). What is under a key never
 *  changes. */
export interface EvidenceFiles {
  /** Durable when it resolves; the same key again is the same content. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
}

/** Lower-case letters, digits and one dot: no key leads out of the folder. */
const KEY_FORM = /^[0-9a-z]{8,80}\.[a-z]{1,16}$/;

/** One file per key, spread over folders of its first two characters, readable by its owner only. */
export function evidenceFolder(root: string): EvidenceFiles {
  const fileOf = (key: string): string => {
    if (!KEY_FORM.test(key)) throw new Error(`not a key of evidence: ${key}`);
    return join(root, key.slice(0, 2), key);
  };
  return {
    put: async (key, bytes) => {
      const file = fileOf(key);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const unfinished = `${file}.${randomUUID()}`;
      const handle = await open(unfinished, "wx", 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(unfinished, file);
    },
    get: async (key) => {
      try {
        return await readFile(fileOf(key));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
  };
}
