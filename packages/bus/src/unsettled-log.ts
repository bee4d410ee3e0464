import { DatabaseSync } from "node:sqlite";
import { STREAMS, type StreamKey } from "@hotgrid/contracts";
import type { LogMessage } from "./port.ts";

/** What a log in a SQLite file, which no process has open, still has to give. */
export interface UnsettledLog {
  /** First message of a stream that one of its durable consumers has not settled; after the last where all have. */
  from(stream: StreamKey): number;
  /** Whether a durable consumer has ever read the stream. */
  isReadBy(stream: StreamKey, durable: string): boolean;
  lastSeq(stream: StreamKey): number;
  /** In order, from a position on. */
  messages(stream: StreamKey, from: number): Iterable<LogMessage>;
  close(): void;
}

interface Cursor {
  readonly durable: string;
  readonly nextSeq: number;
  readonly unsettled: readonly (readonly [seq: number, attempts: number])[];
}

/** For moving to another log. */
export function openUnsettledLog(file: string): UnsettledLog {
  const db = new DatabaseSync(file, { readOnly: true });
  const cursorsOf = (stream: StreamKey): Cursor[] =>
    db
      .prepare("SELECT durable, next_seq, unsettled FROM cursors WHERE stream = ?")
      .all(stream)
      .map((row) => ({
        durable: String(row["durable"]),
        nextSeq: Number(row["next_seq"]),
        unsettled: JSON.parse(String(row["unsettled"])),
      }));
  const lastSeq = (stream: StreamKey) =>
    Number(db.prepare("SELECT seq FROM sqlite_sequence WHERE name = ?").get(`log_${stream}`)?.["seq"] ?? 0);
  return {
    lastSeq,
    from: (stream) =>
      Math.min(
        lastSeq(stream) + 1,
        ...cursorsOf(stream).flatMap(({ nextSeq, unsettled }) => [nextSeq, ...unsettled.map(([seq]) => seq)]),
      ),
    isReadBy: (stream, durable) => cursorsOf(stream).some((cursor) => cursor.durable === durable),
    *messages(stream, from) {
      if (!(stream in STREAMS)) throw new Error(`no stream ${stream}`);
      const rows = db.prepare(`SELECT seq, subject, data FROM log_${stream} WHERE seq >= ? ORDER BY seq`);
      for (const { seq, subject, data } of rows.iterate(from)) {
        if (data instanceof Uint8Array) yield { seq: Number(seq), subject: String(subject), data };
      }
    },
    close: () => db.close(),
  };
}
