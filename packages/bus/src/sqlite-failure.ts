import { Unavailable } from "@hotgrid/runtime";

/** Primary result codes after which the same call can succeed later: SQLITE_BUSY, LOCKED, NOMEM, READONLY, IOERR,
 *  FULL, CANTOPEN (sqlite.org/rescode.html). SQLITE_CORRUPT and the rest are for a person. */
const PASSING = new Set([5, 6, 7, 8, 10, 13, 14]);

/** What node:sqlite threw, as Unavailable where it can pass, else as it is. */
function sqliteFailure(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return error;
  if (!PASSING.has(error.errcode & 0xff)) return error;
  return new Unavailable(`${what}: ${error.message}`, { cause: error });
}

/** Does work on the file; what can pass is thrown as Unavailable. */
export function working<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw sqliteFailure(error, what);
  }
}
