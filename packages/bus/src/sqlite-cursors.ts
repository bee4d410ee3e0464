import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StreamKey } from "@hotgrid/contracts";
import { openLogFile } from "./sqlite-log.ts";

/** How far a durable consumer is: everything below `nextSeq` was delivered at least once, and of that, everything but
 *  `unsettled` ([seq, attempts so far]) is settled. */
export interface Cursor {
  readonly nextSeq: number;
  readonly unsettled: readonly (readonly [seq: number, attempts: number])[];
  /** The only subject that it gets, undefined for all. */
  readonly subject: string | undefined;
}

/** The consumers' cursors, in the log's file. Without a sync of their own: a killed process loses nothing, a power cut
 *  can set a cursor back, which at-least-once delivery allows. */
export class SqliteCursors {
  readonly #db: DatabaseSync;
  readonly #load: StatementSync;
  readonly #save: StatementSync;

  constructor(file: string) {
    this.#db = openLogFile(file, "NORMAL");
    this.#db.exec(`CREATE TABLE IF NOT EXISTS cursors (
      stream TEXT NOT NULL, durable TEXT NOT NULL, next_seq INTEGER NOT NULL, unsettled TEXT NOT NULL, subject TEXT,
      PRIMARY KEY (stream, durable)) STRICT, WITHOUT ROWID;`);
    this.#load = this.#db.prepare("SELECT next_seq, unsettled, subject FROM cursors WHERE stream = ? AND durable = ?");
    this.#save = this.#db.prepare(
      "INSERT OR REPLACE INTO cursors (stream, durable, next_seq, unsettled, subject) VALUES (?, ?, ?, ?, ?)",
    );
  }

  load(stream: StreamKey, durable: string): Cursor | undefined {
    const row = this.#load.get(stream, durable);
    if (!row) return undefined;
    const subject = row["subject"] === null ? undefined : String(row["subject"]);
    return { nextSeq: Number(row["next_seq"]), unsettled: JSON.parse(String(row["unsettled"])), subject };
  }

  save(stream: StreamKey, durable: string, cursor: Cursor): void {
    const { nextSeq, unsettled, subject = null } = cursor;
    this.#save.run(stream, durable, nextSeq, JSON.stringify(unsettled), subject);
  }

  close(): void {
    this.#db.close();
  }
}
