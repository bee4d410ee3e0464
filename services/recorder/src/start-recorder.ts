import { type Bus, type ConsumeOptions, consumeDecoded } from "@hotgrid/bus";
import { DeadLetter, ReadingsMessage, StationEvent } from "@hotgrid/contracts";
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
  readonly clock: Clock;
  readonly log: Log;
  /** Where spans go; nowhere unless given. */
  readonly traces?: Traces | undefined;
}

export interface Recorder {
  counters(): Readonly<RecorderCounters>;
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
  const { bus, readings, database, clock, log } = dependencies;
  const counters = newCounters();
  const deadLetters = new DeadLetterStore(database);
  const stop = new AbortController();
  const common = { bus, clock, log };
  const trail = new Trail(log, "recorder", dependencies.traces);
  const tasks = [
    consumeDecoded(
      {
        ...common,
        stream: "readings",
        options: { ...PATIENT, batch: BATCH.readings, gatherMs: GATHER_MS },
        schema: ReadingsMessage,
        handle: recordReadings({ bus, readings, clock, trail, counters }),
      },
      stop.signal,
    ),
    consumeDecoded(
      {
        ...common,
        stream: "deadLetters",
        options: { ...PATIENT, batch: BATCH.deadLetters },
        schema: DeadLetter,
        handle: recordDeadLetters(deadLetters, counters),
      },
      stop.signal,
    ),
    consumeDecoded(
      {
        ...common,
        stream: "stations",
        options: { ...PATIENT, batch: BATCH.stations },
        schema: StationEvent,
        handle: recordStationEvents(new StationStatusStore(database), counters),
      },
      stop.signal,
    ),
    sweepRetention({ readings, deadLetters, clock, log }, stop.signal),
  ];
  const stopped = allOrStop(tasks, stop);
  return {
    counters: () => counters,
    stopped,
    close: async () => {
      stop.abort();
      await stopped;
    },
  };
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
