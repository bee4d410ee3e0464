import { type Bus, type CityService, type ConsumeOptions, consumeDecoded } from "@hotgrid/bus";
import { type CityCode, DeadLetter, ReadingsMessage, readingSubject, StationEvent } from "@hotgrid/contracts";
import { type Clock, type Log, type Traces, Trail } from "@hotgrid/runtime";
import { type Database, DeadLetterStore, type ReadingStore, StationStatusStore } from "@hotgrid/store";
import type { Kysely } from "kysely";
import { recordDeadLetters } from "./record-dead-letters.ts";
import { recordReadings } from "./record-readings.ts";
import { recordStationEvents } from "./record-station-events.ts";
import { newCounters, type RecorderCounters } from "./recorder-counters.ts";
import { sweepRetention } from "./sweep-retention.ts";

export interface RecorderDependencies {
  readonly bus: Bus;
  readonly readings: ReadingStore;
  readonly database: Kysely<Database>;
  /** Told of each reading how long after it was measured the gateway had it, s. */
  readonly onDelay?: ((seconds: number) => void) | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Where spans go; nowhere unless given. */
  readonly traces?: Traces | undefined;
  /** True where several recorders divide the cities: the readings are then those of the cities given to `recordCity`. */
  readonly divided?: boolean;
}

export interface Recorder {
  /** Writes a city's readings, too, and closes the store at the end: one that was opened since another recorder wrote
   *  for the city, because a store remembers what it has written. */
  recordCity(city: CityCode, readings: ReadingStore): CityService;
  counters(): Readonly<RecorderCounters>;
  /** False while a reading store refuses what it was given last. */
  storeTakes(): boolean;
  /** Rejects where a bug stopped it: unhandled, it ends the process, as it should. */
  readonly stopped: Promise<void>;
  /** Resolves when the batch in hand is stored and acknowledged. */
  close(): Promise<void>;
}

/** Instances with this name share the work. */
const DURABLE = "recorder";

/** 10,000 deliveries a minute apart are the seven days that the READINGS log keeps a message: what a station was told
 *  is safe is never given up because a disk was full over a long weekend. */
const PATIENT: Omit<ConsumeOptions, "batch"> = {
  durable: DURABLE,
  startAt: "first",
  ackWaitMs: 10_000,
  maxDeliveries: 10_000,
  backoffMs: [1000, 5000, 15_000, 60_000],
};

/** Messages taken at once. Ours: a message of READINGS may hold some thousand readings, the others hold one. */
const BATCH = { readings: 100, deadLetters: 200, stations: 500 } as const;
/** A commit waits for the disk some 5 to 20 ms: twice a second instead of a hundred times. Charts are half a second
 *  behind; detection reads the log itself. Ours. */
const GATHER_MS = 500;

/** Writes what the logs say into the stores: readings, dead letters, the state of the stations. */
export async function startRecorder(dependencies: RecorderDependencies): Promise<Recorder> {
  const { readings, database, clock, log, divided = false } = dependencies;
  const counters = newCounters();
  const refusing = new Set<ReadingStore>();
  const deadLetters = new DeadLetterStore(database);
  const stop = new AbortController();
  const tasks = [
    ...(divided ? [] : [consumeReadings(dependencies, readings, { counters, refusing }, stop.signal)]),
    ...consumeTheRest(dependencies, deadLetters, counters, stop.signal),
    sweepRetention({ readings, deadLetters, clock, log }, stop.signal),
  ];
  const stopped = allOrStop(tasks, stop);
  return {
    recordCity: (city, store) => recordCity(dependencies, city, store, { counters, refusing }),
    counters: () => counters,
    storeTakes: () => refusing.size === 0,
    stopped,
    close: async () => {
      stop.abort();
      await stopped;
    },
  };
}

/** What the recorder knows of its work. */
interface Work {
  readonly counters: RecorderCounters;
  readonly refusing: Set<ReadingStore>;
}

/** Two batches of one station in two hands could leave an hour's rollup without one of them: nobody else may write for
 *  the city meanwhile. */
function recordCity(
  dependencies: RecorderDependencies,
  city: CityCode,
  readings: ReadingStore,
  work: Work,
): CityService {
  const stop = new AbortController();
  const consuming = consumeReadings(dependencies, readings, work, stop.signal, readingSubject(city));
  const stopped = closedAfter(consuming, readings, work);
  const close = async () => {
    stop.abort();
    await stopped;
  };
  return { stopped, close, abandon: close };
}

async function closedAfter(consuming: Promise<void>, readings: ReadingStore, { refusing }: Work): Promise<void> {
  try {
    await consuming;
  } finally {
    refusing.delete(readings);
    await readings.close();
  }
}

function consumeReadings(
  { bus, clock, log, traces, onDelay }: RecorderDependencies,
  readings: ReadingStore,
  { counters, refusing }: Work,
  signal: AbortSignal,
  subject?: string,
): Promise<void> {
  const trail = new Trail(log, "recorder", traces);
  return consumeDecoded(
    {
      ...{ bus, clock, log, stream: "readings", schema: ReadingsMessage },
      options: {
        ...{ ...PATIENT, batch: BATCH.readings, gatherMs: GATHER_MS },
        ...(subject !== undefined && { subject }),
      },
      handle: recordReadings({ bus, readings, refusing, clock, trail, counters, onDelay }),
    },
    signal,
  );
}

/** Where several recorders share these, it is whoever is faster: each row is the newest one's, whatever the order. */
function consumeTheRest(
  { bus, database, clock, log }: RecorderDependencies,
  deadLetters: DeadLetterStore,
  counters: RecorderCounters,
  signal: AbortSignal,
): readonly Promise<void>[] {
  const common = { bus, clock, log };
  return [
    consumeDecoded(
      {
        ...common,
        stream: "deadLetters",
        options: { ...PATIENT, batch: BATCH.deadLetters },
        schema: DeadLetter,
        handle: recordDeadLetters(deadLetters, counters),
      },
      signal,
    ),
    consumeDecoded(
      {
        ...common,
        stream: "stations",
        options: { ...PATIENT, batch: BATCH.stations },
        schema: StationEvent,
        handle: recordStationEvents(new StationStatusStore(database), counters),
      },
      signal,
    ),
  ];
}

/** Waits for every task; the first that fails stops the others, and its error is what it throws. */
async function allOrStop(tasks: readonly Promise<void>[], stop: AbortController): Promise<void> {
  try {
    await Promise.all(tasks);
  } finally {
    stop.abort();
    await Promise.allSettled(tasks);
  }
}
