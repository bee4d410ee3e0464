import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Format, ParsedRow } from "./formats/format.ts";
import { readRows } from "./read-rows.ts";

export const ALWAYS = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** Runs with files in a folder of their own (compressed where the name says so), and removes it. */
export async function withFiles<T>(files: Record<string, string>, run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "hotgrid-replay-test-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, name), name.endsWith(".gz") ? gzipSync(text) : text);
    }
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const rowsOf = (text: string, format: Format, name = "r.csv"): Promise<ParsedRow[]> =>
  withFiles({ [name]: text }, (folder) => collect(readRows(join(folder, name), format)));

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
