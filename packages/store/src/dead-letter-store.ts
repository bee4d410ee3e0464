import { DeadLetter, type DeadLetterReason } from "@hotgrid/contracts";
import type { Kysely, Selectable, SelectQueryBuilder } from "kysely";
import type { Database } from "./database.ts";
import { inChunks } from "./in-chunks.ts";
import { decodeCursor, type KeysetPage, pageSize, toPage } from "./keyset-page.ts";
import type { DeadLettersTable } from "./tables/people-and-stations.ts";

export interface DeadLetterFilter {
  readonly reason?: DeadLetterReason;
  readonly stationId?: string;
  /** Epoch ms: from inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
}

export interface DeadLetterQuery extends DeadLetterFilter {
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

/** Largest page. Ours: a letter may be 350 kB of base64. */
const MAX_LIMIT = 100;

/** What could not be used, with its reason and its bytes. */
export class DeadLetterStore {
  readonly #db: Kysely<Database>;
  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** All or nothing; a letter that is there already (by id) changes nothing. Answers those that were new. */
  async insert(letters: readonly DeadLetter[]): Promise<readonly DeadLetter[]> {
    const inserted = new Set<string>();
    await this.#db.transaction().execute(async (trx) => {
      for (const chunk of inChunks(letters)) {
        const rows = await trx
          .insertInto("dead_letters")
          .values(chunk.map(letterRow))
          .onConflict((oc) => oc.doNothing())
          .returning("id")
          .execute();
        for (const { id } of rows) inserted.add(id);
      }
    });
    // The first letter of an id is the one that was kept.
    return letters.filter((letter) => inserted.delete(letter.id));
  }

  async get(id: string): Promise<DeadLetter | undefined> {
    const row = await this.#db.selectFrom("dead_letters").selectAll().where("id", "=", id).executeTakeFirst();
    return row && letterOf(row);
  }

  /** Newest first. Throws Rejected "bad-cursor" for one that list() did not give. */
  async list({ cursor, limit, ...filter }: DeadLetterQuery): Promise<KeysetPage<DeadLetter>> {
    const size = Math.min(pageSize(limit), MAX_LIMIT);
    let query = filtered(this.#db.selectFrom("dead_letters"), filter)
      .selectAll()
      .orderBy("at", "desc")
      .orderBy("id", "desc");
    if (cursor !== undefined) {
      const [at, id] = decodeCursor(cursor);
      query = query.where((eb) => eb.or([eb("at", "<", at), eb.and([eb("at", "=", at), eb("id", "<", id)])]));
    }
    const rows = await query.limit(size + 1).execute();
    return toPage(rows, size, (row) => [row.at, row.id], letterOf);
  }

  async countByReason(filter: DeadLetterFilter = {}): Promise<Partial<Record<DeadLetterReason, number>>> {
    const rows = await filtered(this.#db.selectFrom("dead_letters"), filter)
      .select((eb) => ["reason", eb.fn.countAll<number | string>().as("letters")])
      .groupBy("reason")
      .execute();
    return Object.fromEntries(rows.map((row) => [row.reason, Number(row.letters)]));
  }

  /** Removes letters older than `before`, epoch ms. */
  async removeBefore(before: number): Promise<void> {
    await this.#db.deleteFrom("dead_letters").where("at", "<", before).execute();
  }
}

function filtered<O>(
  query: SelectQueryBuilder<Database, "dead_letters", O>,
  { reason, stationId, from, to }: DeadLetterFilter,
): SelectQueryBuilder<Database, "dead_letters", O> {
  let narrowed = query;
  if (reason !== undefined) narrowed = narrowed.where("reason", "=", reason);
  if (stationId !== undefined) narrowed = narrowed.where("source_station_id", "=", stationId);
  if (from !== undefined) narrowed = narrowed.where("at", ">=", from);
  if (to !== undefined) narrowed = narrowed.where("at", "<", to);
  return narrowed;
}

const letterRow = (letter: DeadLetter): DeadLettersTable => ({
  id: letter.id,
  at: letter.at,
  reason: letter.reason,
  message_zh: letter.message.zh,
  message_en: letter.message.en,
  field: letter.field,
  source_kind: letter.source.kind,
  source_station_id: letter.source.stationId,
  source_subject: letter.source.subject,
  raw: letter.raw,
  raw_bytes: letter.rawBytes,
});

const letterOf = (row: Selectable<DeadLettersTable>): DeadLetter =>
  DeadLetter.parse({
    id: row.id,
    at: row.at,
    reason: row.reason,
    message: { zh: row.message_zh, en: row.message_en },
    field: row.field,
    source: { kind: row.source_kind, stationId: row.source_station_id, subject: row.source_subject },
    raw: row.raw,
    rawBytes: row.raw_bytes,
  });
