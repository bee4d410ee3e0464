import type { ObservedProperty, QcFlag, StationEvent, StationId } from "@hotgrid/contracts";
import type { Kysely } from "kysely";
import type { Database } from "./database.ts";

export interface StationStatus {
  /** null before the first connection was seen. */
  readonly connection: { readonly state: "online" | "offline"; readonly at: number; readonly reason: string } | null;
  readonly flags: Partial<Record<ObservedProperty, { flag: QcFlag; tests: readonly string[]; at: number }>>;
  /** Names of properties that it sends and we don't know. */
  readonly unknownProperties: readonly string[];
}

/** Names kept per station. Ours: a station that makes up names must not fill the disk. */
const MAX_UNKNOWN_PROPERTIES = 50;

/** What became of every station's connection and soundness: the newest event of each kind, by the event's time. */
export class StationStatusStore {
  readonly #db: Kysely<Database>;
  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** All or nothing. An event older than what is known changes nothing, so that a redelivered one doesn't either. */
  async apply(events: readonly StationEvent[]): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (const event of events) await applyOne(trx, event);
    });
  }

  async all(): Promise<ReadonlyMap<StationId, StationStatus>> {
    const [connections, flags, unknown] = await Promise.all([
      this.#db.selectFrom("station_status").selectAll().execute(),
      this.#db.selectFrom("station_flags").selectAll().execute(),
      this.#db.selectFrom("station_unknown_properties").selectAll().orderBy("property").execute(),
    ]);
    const all = new Map<StationId, { -readonly [K in keyof StationStatus]: StationStatus[K] }>();
    const of = (id: StationId) => {
      const status = all.get(id) ?? { connection: null, flags: {}, unknownProperties: [] };
      all.set(id, status);
      return status;
    };
    for (const { station_id, state, at, reason } of connections) of(station_id).connection = { state, at, reason };
    for (const { station_id, observed_property, flag, tests, at } of flags) {
      of(station_id).flags[observed_property] = { flag, tests: JSON.parse(tests), at };
    }
    for (const { station_id, property } of unknown) {
      const status = of(station_id);
      status.unknownProperties = [...status.unknownProperties, property];
    }
    return all;
  }
}

async function applyOne(db: Kysely<Database>, event: StationEvent): Promise<void> {
  switch (event.kind) {
    case "connection": {
      const { state, at, reason } = event;
      await db
        .insertInto("station_status")
        .values({ station_id: event.stationId, state, at, reason })
        .onConflict((oc) =>
          oc.column("station_id").doUpdateSet({ state, at, reason }).where("station_status.at", "<=", at),
        )
        .execute();
      return;
    }
    case "quality": {
      const change = { flag: event.flag, tests: JSON.stringify(event.tests), at: event.at };
      await db
        .insertInto("station_flags")
        .values({ station_id: event.stationId, observed_property: event.observedProperty, ...change })
        .onConflict((oc) =>
          oc.columns(["station_id", "observed_property"]).doUpdateSet(change).where("station_flags.at", "<=", event.at),
        )
        .execute();
      return;
    }
    case "unknown-property":
      await noteUnknownProperty(db, event.stationId, event.property, event.at);
  }
}

async function noteUnknownProperty(db: Kysely<Database>, stationId: StationId, property: string, at: number) {
  const { known } = await db
    .selectFrom("station_unknown_properties")
    .select((eb) => eb.fn.countAll<number | string>().as("known"))
    .where("station_id", "=", stationId)
    .executeTakeFirstOrThrow();
  if (Number(known) >= MAX_UNKNOWN_PROPERTIES) return;
  await db
    .insertInto("station_unknown_properties")
    .values({ station_id: stationId, property, at })
    .onConflict((oc) => oc.doNothing())
    .execute();
}
