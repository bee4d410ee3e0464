import type { Bus } from "@hotgrid/bus";
import { Refuses, Unavailable } from "@hotgrid/runtime";
import { type Database, isWritable, type ReadingStore } from "@hotgrid/store";
import type { Kysely } from "kysely";

/** Questions that throw where what a service needs does not answer, and Refuses where it takes nothing: see Readiness. */
export interface StoreNeeds {
  readonly bus: () => Promise<unknown>;
  readonly database: () => Promise<unknown>;
  readonly readings: () => Promise<unknown>;
}

export const storeNeeds = (stores: {
  readonly bus: Bus;
  readonly database: Kysely<Database>;
  readonly readings: ReadingStore;
}): StoreNeeds => ({
  bus: () => stores.bus.info("readings"),
  database: async () => {
    if (!(await isWritable(stores.database))) throw new Refuses("the database is read-only: a standby");
  },
  readings: () => stores.readings.ping(),
});

/** The log answers questions also where it takes nothing. null: the gateway has not started yet. */
export const logNeed = (gateway: () => { logTakes(): boolean } | null) => async (): Promise<void> => {
  const started = gateway();
  if (started === null) throw new Unavailable("the gateway has not started yet");
  if (!started.logTakes()) throw new Refuses("the log did not take what it was last given");
};

/** The time series answer questions also where they take nothing. null: the recorder has not started yet. */
export const recordingNeed =
  ({ readings }: Pick<StoreNeeds, "readings">, recorder: () => { storeTakes(): boolean } | null) =>
  async (): Promise<void> => {
    await readings();
    const started = recorder();
    if (started === null) throw new Unavailable("the recorder has not started yet");
    if (!started.storeTakes()) throw new Refuses("the reading store did not take what it was last given");
  };
