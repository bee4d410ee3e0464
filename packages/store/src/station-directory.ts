import { Station, type StationId } from "@hotgrid/contracts";
import { SystemClock } from "@hotgrid/runtime";
import type { Insertable, Kysely, Selectable, Transaction } from "kysely";
import { type Actor, appendAudit, SYSTEM } from "./append-audit.ts";
import type { Database } from "./database.ts";
import { inChunks } from "./in-chunks.ts";
import type { StationsTable } from "./tables/people-and-stations.ts";

export interface StationEntry {
  readonly station: Station;
  /** Hash of the MQTT password, null before one was issued. */
  readonly secretHash: string | null;
}

/** The stations in service, from memory: the gateway asks for every connection. What this object changes shows at
 *  once, what another process changed (the command line) after refresh(). */
export class StationDirectory {
  readonly #db: Kysely<Database>;
  #entries: ReadonlyMap<StationId, StationEntry> = new Map();

  private constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  static async open(db: Kysely<Database>): Promise<StationDirectory> {
    const directory = new StationDirectory(db);
    await directory.refresh();
    return directory;
  }

  /** undefined for an unknown or retired station. */
  find(id: StationId): StationEntry | undefined {
    return this.#entries.get(id);
  }

  /** In service, by id. */
  all(): readonly Station[] {
    return [...this.#entries.values()].map((entry) => entry.station);
  }

  async refresh(): Promise<void> {
    const rows = await this.#db
      .selectFrom("stations")
      .selectAll()
      .where("retired_at", "is", null)
      .orderBy("id")
      .execute();
    this.#entries = new Map(
      rows.map((row) => [row.id, { station: stationOf(row), secretHash: row.secret_hash }] as const),
    );
  }

  /** Adds stations or replaces what is known of them, all or nothing. A secret that was issued stays; a retired
   *  station is in service again. */
  async upsert(stations: readonly Station[], by: Actor = SYSTEM): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (const station of stations) {
        const row = stationRow(station);
        const { id: _id, ...change } = row;
        await trx
          .insertInto("stations")
          .values(row)
          .onConflict((oc) => oc.column("id").doUpdateSet({ ...change, retired_at: null }))
          .execute();
        await record(trx, by, station, "put");
      }
    });
    await this.refresh();
  }

  async setSecretHash(id: StationId, hash: string, by: Actor = SYSTEM): Promise<void> {
    await this.setSecretHashes(new Map([[id, hash]]), by);
  }

  /** All or nothing; throws for a station that is not in service. */
  async setSecretHashes(hashes: ReadonlyMap<StationId, string>, by: Actor = SYSTEM): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (const [id, hash] of hashes) {
        const station = await trx
          .updateTable("stations")
          .set({ secret_hash: hash })
          .where("id", "=", id)
          .where("retired_at", "is", null)
          .returning(["id", "division"])
          .executeTakeFirst();
        if (station === undefined) throw new Error(`no station ${id} is in service`);
        await record(trx, by, station, "credential");
      }
    });
    await this.refresh();
  }

  /** Out of service from `at` (epoch ms): it can't connect and its secret is gone; its history stays. */
  async retire(id: StationId, at: number, by: Actor = SYSTEM): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const change = { retired_at: at, secret_hash: null };
      const retired = await trx
        .updateTable("stations")
        .set(change)
        .where("id", "=", id)
        .returning(["id", "division"])
        .execute();
      for (const station of retired) await record(trx, by, station, "retire");
    });
    await this.refresh();
  }
}

const WALL = new SystemClock();

function record(
  trx: Transaction<Database>,
  actor: Actor,
  { id, division }: Pick<Station, "id" | "division">,
  action: string,
): Promise<void> {
  return appendAudit(trx, { at: WALL.now(), actor, subject: "station", subjectId: id, division, action });
}

/** For the seeds: adds what is missing, answers how many, and leaves what is there, retired stations included. */
export async function insertMissingStations(db: Kysely<Database>, stations: readonly Station[]): Promise<number> {
  let added = 0;
  for (const chunk of inChunks(stations)) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto("stations")
      .values(chunk.map(stationRow))
      .onConflict((oc) => oc.doNothing())
      .executeTakeFirstOrThrow();
    added += Number(numInsertedOrUpdatedRows);
  }
  return added;
}

function stationRow(station: Station): Insertable<StationsTable> {
  return {
    id: station.id,
    name: station.name,
    kind: station.kind,
    lon: station.lon,
    lat: station.lat,
    division: station.division,
    properties: JSON.stringify(station.properties),
    interval_seconds: station.intervalSeconds,
  };
}

function stationOf(row: Selectable<StationsTable>): Station {
  return Station.parse({
    id: row.id,
    name: row.name,
    kind: row.kind,
    lon: row.lon,
    lat: row.lat,
    division: row.division,
    properties: JSON.parse(row.properties),
    intervalSeconds: row.interval_seconds,
  });
}
