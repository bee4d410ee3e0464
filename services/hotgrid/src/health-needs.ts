import type { Bus } from "@hotgrid/bus";
import { Unavailable } from "@hotgrid/runtime";
import type { Database, ReadingStore } from "@hotgrid/store";
import { type Kysely, sql } from "kysely";

/** Questions that throw where what a service needs does not answer: see serveHealth(). */
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
  database: () => sql`select 1`.execute(stores.database),
  readings: () => stores.readings.ping(),
});

/** A log may answer questions and take nothing: its disk is full. */
export const logNeed = (gateway: { logTakes(): boolean }) => async (): Promise<void> => {
  if (!gateway.logTakes()) throw new Unavailable("the log takes no readings");
};
