import { type Bus, type Decoded, deadLetterEntry, type Entry, encodeJson } from "@hotgrid/bus";
import {
  type CityCode,
  type Reading,
  type ReadingsMessage,
  readingKey,
  readingSubject,
  STREAMS,
} from "@hotgrid/contracts";
import { type Clock, type Trail, wallTime } from "@hotgrid/runtime";
import type { ReadingStore } from "@hotgrid/store";
import type { RecorderCounters } from "./recorder-counters.ts";

export interface RecordReadings {
  readonly bus: Bus;
  readonly readings: ReadingStore;
  /** Stores that refused what they were given last. */
  readonly refusing: Set<ReadingStore>;
  readonly clock: Clock;
  readonly trail: Trail;
  readonly counters: RecorderCounters;
  readonly onDelay: ((seconds: number) => void) | undefined;
}

const SECOND_MS = 1000;

/** Stores the readings of a batch; the clock's marks are for the detector. Returns after the commit: only then may the
 *  batch be acknowledged. */
export function recordReadings({ bus, readings, refusing, clock, trail, counters, onDelay }: RecordReadings) {
  return async (batch: readonly Decoded<ReadingsMessage>[]): Promise<void> => {
    const from = wallTime();
    const cityOf = new Map<Reading, CityCode>();
    for (const { value } of batch) {
      if (value.kind === "readings") for (const reading of value.readings) cityOf.set(reading, value.city);
    }
    if (cityOf.size === 0) return;
    const { stored, duplicates, expired } = await append(readings, [...cityOf.keys()], refusing);
    counters.stored += stored;
    counters.duplicates += duplicates;
    if (onDelay)
      for (const { phenomenonTime, resultTime } of cityOf.keys()) onDelay((resultTime - phenomenonTime) / SECOND_MS);
    for (const reading of trail.followed(cityOf.keys(), readingKey)) {
      trail.tell({ name: "record", id: reading, reading, from });
    }
    if (expired.length === 0) return;
    const now = clock.now();
    await bus.append(
      "deadLetters",
      expired.map((reading) => expiredEntry(reading, cityOf.get(reading) ?? "", now)),
    );
    counters.expired += expired.length;
  };
}

async function append(store: ReadingStore, readings: readonly Reading[], refusing: Set<ReadingStore>) {
  try {
    const result = await store.append(readings);
    refusing.delete(store);
    return result;
  } catch (error) {
    refusing.add(store);
    throw error;
  }
}

function expiredEntry(reading: Reading, city: CityCode, at: number): Entry {
  const measured = new Date(reading.phenomenonTime).toISOString();
  return deadLetterEntry({
    id: `expired/${readingKey(reading)}`,
    city,
    at,
    reason: "ancient-time",
    message: {
      zh: `监测时间 ${measured} 早于原始数据的保存期限，无法与已清理的数据核对，未入库`,
      en: `measured at ${measured}, before the oldest raw readings that are kept: it can't be told from a copy of what was removed`,
    },
    field: "phenomenonTime",
    source: { kind: STREAMS.readings.name, stationId: reading.stationId, subject: readingSubject(city) },
    raw: encodeJson(reading),
  });
}
