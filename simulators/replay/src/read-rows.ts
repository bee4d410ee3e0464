import { createReadStream } from "node:fs";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse";
import type { Format, ParsedRow } from "./formats/format.ts";

/** Bytes of one row; ours. A longer one is counted as unreadable. */
const LONGEST_ROW_BYTES = 64 * 1024;

/** Reads a CSV file (gzip by its name) row by row. Throws where the file can't be read, its gzip is broken or its
 *  header is not the format's; a bad row is yielded as its problem. */
export async function* readRows(file: string, format: Format): AsyncGenerator<ParsedRow> {
  const skipped: "unreadable"[] = [];
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: LONGEST_ROW_BYTES,
    skip_records_with_error: true,
    on_skip: () => void skipped.push("unreadable"),
  });
  const unzip = file.endsWith(".gz") ? createGunzip() : new PassThrough();
  const reading = pipeline(createReadStream(file), unzip, parser);
  // Its failure reaches the loop below as the parser's; here it must not count as unhandled.
  reading.catch(() => undefined);
  let rowOf: ((row: readonly string[]) => ParsedRow) | null = null;
  try {
    for await (const row of parser as AsyncIterable<string[]>) {
      if (rowOf) yield rowOf(row);
      else rowOf = format.rowsOf(row);
      yield* skipped.splice(0);
    }
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  yield* skipped.splice(0);
  if (!rowOf) throw new Error(`${file}: it is empty`);
}
