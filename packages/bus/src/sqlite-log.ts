import { DatabaseSync, type StatementSync } from "node:sqlite";
import { STREAMS, type StreamKey } from "@hotgrid/contracts";
import type { Appended, Entry, LogMessage, StreamInfo } from "./port.ts";

/** Pages of 4 KiB after which the write-ahead log is copied into the file. SQLite's default is 1000; ours is larger,
 *  because a log writes much and reads what it has just written. */
const CHECKPOINT_PAGES = 4000;
/** Messages removed in one transaction, so that a sweep never holds up an append for long. Ours. */
const SWEEP_ROWS = 500;
/** How long to wait for another process's lock (a backup, a person's shell), ms. Ours. */
const BUSY_MS = 5000;

const STREAM_KEYS = Object.keys(STREAMS) as StreamKey[];
/** One table per stream: AUTOINCREMENT never gives a number twice, also after everything was removed. */
const schemaOf = (key: StreamKey): string => `
  CREATE TABLE IF NOT EXISTS log_${key} (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, subject TEXT NOT NULL, data BLOB NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS log_${key}_subject ON log_${key} (subject);
  CREATE TABLE IF NOT EXISTS ids_${key} (
    id TEXT PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS ids_${key}_at ON ids_${key} (at);`;

/** Opens a connection to the log's file. FULL: a commit survives a power cut. NORMAL: it survives the process only,
 *  which is enough for what may be done twice. */
export function openLogFile(file: string, synchronous: "FULL" | "NORMAL"): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA trusted_schema = OFF;`);
  return db;
}

interface Statements {
  insert: StatementSync;
  findId: StatementSync;
  keepId: StatementSync;
  read: StatementSync;
  readSubject: StatementSync;
  one: StatementSync;
  count: StatementSync;
  countSubject: StatementSync;
  first: StatementSync;
  last: StatementSync;
  oldest: StatementSync;
  remove: StatementSync;
  removeIds: StatementSync;
}

function prepare(db: DatabaseSync, key: StreamKey): Statements {
  const log = `log_${key}`;
  const ids = `ids_${key}`;
  return {
    insert: db.prepare(`INSERT INTO ${log} (at, subject, data) VALUES (?, ?, ?)`),
    findId: db.prepare(`SELECT seq FROM ${ids} WHERE id = ? AND at > ?`),
    keepId: db.prepare(`INSERT OR REPLACE INTO ${ids} (id, seq, at) VALUES (?, ?, ?)`),
    read: db.prepare(`SELECT seq, subject, data FROM ${log} WHERE seq >= ? ORDER BY seq LIMIT ?`),
    readSubject: db.prepare(
      `SELECT seq, subject, data FROM ${log} WHERE subject = ? AND seq >= ? ORDER BY seq LIMIT ?`,
    ),
    one: db.prepare(`SELECT seq, subject, data FROM ${log} WHERE seq = ?`),
    count: db.prepare(`SELECT count(*) AS n FROM ${log} WHERE seq >= ?`),
    countSubject: db.prepare(`SELECT count(*) AS n FROM ${log} WHERE subject = ? AND seq >= ?`),
    first: db.prepare(`SELECT min(seq) AS seq FROM ${log}`),
    last: db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = '${log}'`),
    oldest: db.prepare(`SELECT seq, at FROM ${log} ORDER BY seq LIMIT ${SWEEP_ROWS}`),
    remove: db.prepare(`DELETE FROM ${log} WHERE seq <= ?`),
    removeIds: db.prepare(`DELETE FROM ${ids} WHERE at <= ?`),
  };
}

/** The streams in one SQLite file. Synchronous; who calls decides when to wait for the disk. */
export class SqliteLog {
  readonly #db: DatabaseSync;
  readonly #statements: Record<StreamKey, Statements>;

  constructor(file: string) {
    this.#db = openLogFile(file, "FULL");
    for (const key of STREAM_KEYS) this.#db.exec(schemaOf(key));
    this.#statements = Object.fromEntries(STREAM_KEYS.map((key) => [key, prepare(this.#db, key)])) as Record<
      StreamKey,
      Statements
    >;
  }

  /** All of it in one transaction, or nothing. */
  append(group: readonly { stream: StreamKey; entries: readonly Entry[] }[], now: number): Appended[][] {
    return this.#transaction(() =>
      group.map(({ stream, entries }) => entries.map((entry) => this.#appendOne(stream, entry, now))),
    );
  }

  #appendOne(stream: StreamKey, entry: Entry, now: number): Appended {
    const s = this.#statements[stream];
    const window = STREAMS[stream].duplicateWindowMs;
    const remembered = entry.messageId !== undefined && window > 0;
    if (remembered) {
      const known = s.findId.get(entry.messageId, now - window);
      if (known) return { seq: Number(known["seq"]), duplicate: true };
    }
    const seq = Number(s.insert.run(now, entry.subject, entry.data).lastInsertRowid);
    if (remembered) s.keepId.run(entry.messageId, seq, now);
    return { seq, duplicate: false };
  }

  read(stream: StreamKey, from: number, subject: string | undefined, limit: number): LogMessage[] {
    const s = this.#statements[stream];
    const rows = subject === undefined ? s.read.all(from, limit) : s.readSubject.all(subject, from, limit);
    return rows.map(asMessage);
  }

  one(stream: StreamKey, seq: number): LogMessage | undefined {
    const row = this.#statements[stream].one.get(seq);
    return row && asMessage(row);
  }

  count(stream: StreamKey, from: number, subject: string | undefined): number {
    const s = this.#statements[stream];
    const row = subject === undefined ? s.count.get(from) : s.countSubject.get(subject, from);
    return Number(row?.["n"]);
  }

  info(stream: StreamKey): StreamInfo {
    const s = this.#statements[stream];
    const lastSeq = Number(s.last.get()?.["seq"] ?? 0);
    return { firstSeq: Number(s.first.get()?.["seq"] ?? lastSeq + 1), lastSeq };
  }

  /** Removes messages and message ids past their age; true where there may be more to remove. */
  sweep(stream: StreamKey, now: number): boolean {
    const s = this.#statements[stream];
    const { maxAgeMs, duplicateWindowMs } = STREAMS[stream];
    const rows = s.oldest.all();
    // By position, not by time: a log is removed from its old end, also where the clock was once set back.
    const kept = rows.findIndex((row) => Number(row["at"]) > now - maxAgeMs);
    const aged = rows.slice(0, kept < 0 ? rows.length : kept);
    this.#transaction(() => {
      const last = aged.at(-1);
      if (last) s.remove.run(Number(last["seq"]));
      s.removeIds.run(now - duplicateWindowMs);
    });
    return aged.length === SWEEP_ROWS;
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }
}

const asMessage = (row: Record<string, unknown>): LogMessage => ({
  seq: Number(row["seq"]),
  subject: String(row["subject"]),
  data: row["data"] as Uint8Array,
});
