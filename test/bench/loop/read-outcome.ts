import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What the system has made of the readings so far, read beside it from its own files. Times are epoch ms. */
export interface Outcome {
  /** When each confirmed episode came into the EPISODES log, by id. */
  readonly decided: ReadonlyMap<string, number>;
  /** When each ticket came into the TICKETS log, by id. */
  readonly opened: ReadonlyMap<string, number>;
  /** Ticket by episode. */
  readonly ticketOf: ReadonlyMap<string, string>;
  /** Confirmed episodes that stand under a notice, or are one. */
  readonly noticed: ReadonlySet<string>;
  /** Messages that told of a ticket or notice, by its id. */
  readonly messagesOf: ReadonlyMap<string, readonly string[]>;
  /** Items of notifications that still wait, reminders of later left out, and messages not yet sent. */
  readonly untold: number;
  /** Tickets and notices that the notifier has heard of. */
  readonly heard: ReadonlySet<string>;
}

export function readOutcome(dataDir: string): Outcome {
  const log = new DatabaseSync(join(dataDir, "log.sqlite"), { readOnly: true });
  const db = new DatabaseSync(join(dataDir, "hotgrid.sqlite"), { readOnly: true });
  try {
    const messagesOf = new Map<string, string[]>();
    const told = db.prepare("SELECT subject_id, message_id FROM notification_items WHERE message_id IS NOT NULL");
    for (const { subject_id: subject, message_id: message } of told.all()) {
      const all = messagesOf.get(String(subject)) ?? [];
      messagesOf.set(String(subject), all);
      all.push(String(message));
    }
    return {
      decided: times(
        log,
        "SELECT json_extract(CAST(data AS TEXT), '$.episode.id') AS id, min(at) AS at FROM log_episodes WHERE json_extract(CAST(data AS TEXT), '$.episode.confirmedAt') IS NOT NULL GROUP BY 1",
      ),
      opened: times(
        log,
        "SELECT json_extract(CAST(data AS TEXT), '$.ticket.id') AS id, min(at) AS at FROM log_tickets GROUP BY 1",
      ),
      ticketOf: pairs(db, "SELECT episode_id AS a, ticket_id AS b FROM ticket_episodes"),
      noticed: ids(
        db,
        "SELECT episode_id AS id FROM inhibited_episodes UNION SELECT id FROM episodes WHERE kind = 'regional' AND confirmed_at IS NOT NULL",
      ),
      messagesOf,
      untold:
        count(db, "SELECT count(*) AS n FROM notification_items WHERE state = 'waiting' AND reason != 'repeat'") +
        count(db, "SELECT count(*) AS n FROM notification_messages WHERE state = 'pending'"),
      heard: ids(db, "SELECT id FROM notification_subjects"),
    };
  } finally {
    log.close();
    db.close();
  }
}

const count = (db: DatabaseSync, sql: string): number => Number(db.prepare(sql).get()?.["n"]);
const ids = (db: DatabaseSync, sql: string) =>
  new Set(
    db
      .prepare(sql)
      .all()
      .map((row) => String(row["id"])),
  );
const times = (db: DatabaseSync, sql: string) =>
  new Map(
    db
      .prepare(sql)
      .all()
      .map((row) => [String(row["id"]), Number(row["at"])] as const),
  );
const pairs = (db: DatabaseSync, sql: string) =>
  new Map(
    db
      .prepare(sql)
      .all()
      .map((row) => [String(row["a"]), String(row["b"])] as const),
  );
