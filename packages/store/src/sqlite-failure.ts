import { Unavailable } from "@hotgrid/runtime";

/** Primary result codes (sqlite3.h) of what passes without a change of ours: a lock, the disk, a full disk. */
const PASSING: ReadonlyMap<number, string> = new Map([
  [5, "the database is locked by another process"],
  [6, "a table is locked"],
  [10, "the disk reports an I/O error"],
  [13, "the disk is full"],
  [14, "the database file can't be opened"],
]);

/** Extended result codes keep the primary one in their low byte (sqlite.org/rescode.html). */
const PRIMARY_MASK = 0xff;

/** Runs a piece of work on SQLite; what may pass by itself leaves as Unavailable, so that the caller tries again. */
export function withSqliteFailures<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw sqliteFailure(cause);
  }
}

export function sqliteFailure(cause: unknown): unknown {
  if (!(cause instanceof Error) || !("errcode" in cause) || typeof cause.errcode !== "number") return cause;
  const what = PASSING.get(cause.errcode & PRIMARY_MASK);
  return what === undefined ? cause : new Unavailable(`SQLite: ${what} (${cause.message})`, { cause });
}
