import type { Format, RecordedReading } from "./formats/format.ts";
import { readRows } from "./read-rows.ts";
import type { Period, Survey } from "./survey.ts";

/** Readings of one file that is not in order of time are sorted in memory up to this many; ours, some 1 GB. */
const SORTABLE_READINGS = 3_000_000;

/** All files of a recording as one stream in order of time. */
export async function* merged(files: Survey["files"], format: Format, period: Period): AsyncGenerator<RecordedReading> {
  const sources = files.map(({ path, inOrder }) =>
    inOrder ? readingsOf(path, format, period) : sorted(path, format, period),
  );
  const heads = await Promise.all(sources.map(async (source) => ({ source, head: await source.next() })));
  try {
    while (true) {
      let earliest: (typeof heads)[number] | null = null;
      for (const candidate of heads) {
        if (candidate.head.done) continue;
        if (!earliest || earliest.head.done || candidate.head.value.time < earliest.head.value.time)
          earliest = candidate;
      }
      if (!earliest || earliest.head.done) return;
      yield earliest.head.value;
      earliest.head = await earliest.source.next();
    }
  } finally {
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}

async function* readingsOf(path: string, format: Format, { from, to }: Period): AsyncGenerator<RecordedReading> {
  for await (const row of readRows(path, format)) {
    if (typeof row !== "string" && row.time >= from && row.time < to) yield row;
  }
}

async function* sorted(path: string, format: Format, period: Period): AsyncGenerator<RecordedReading> {
  const readings: RecordedReading[] = [];
  for await (const reading of readingsOf(path, format, period)) {
    if (readings.length >= SORTABLE_READINGS) {
      throw new Error(`${path}: not in order of time, and too long to sort here; sort it by phenomenonTime`);
    }
    readings.push(reading);
  }
  yield* readings.sort((a, b) => a.time - b.time);
}
