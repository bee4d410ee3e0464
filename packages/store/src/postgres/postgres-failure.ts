import { Unavailable } from "@hotgrid/runtime";
import { DatabaseError } from "pg";

/** Classes and codes (PostgreSQL manual, appendix A) of what passes without a change of ours. */
const PASSING_CLASSES: ReadonlyMap<string, string> = new Map([
  ["08", "the connection failed"],
  ["40", "other transactions were in the way"],
  ["53", "the server has no room, memory or connections left"],
  ["57", "the server is stopping, starting or has cancelled the statement"],
  ["58", "the server's disk or system failed"],
]);
const PASSING_CODES: ReadonlyMap<string, string> = new Map([
  ["25006", "the server is a standby that can't be written to"],
  ["25P03", "the transaction was idle for too long"],
  ["55P03", "a lock could not be had"],
  // "Internal error": never of a statement's making; a full disk while somebody is let in, catalogues that change.
  ["XX000", "the server failed within itself"],
]);

const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";
const UNIQUE_VIOLATION = "23505";

/** Runs a piece of work on PostgreSQL; what may pass by itself leaves as Unavailable, so that the caller tries again. */
export async function withPostgresFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw postgresFailure(cause);
  }
}

function postgresFailure(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof Unavailable) return cause;
  // The driver's own errors are all about the connection: refused, ended, timed out.
  if (!(cause instanceof DatabaseError)) return unavailable("the connection failed", cause);
  const code = cause.code ?? "";
  const what = PASSING_CODES.get(code) ?? PASSING_CLASSES.get(code.slice(0, 2));
  return what === undefined ? cause : unavailable(what, cause);
}

const unavailable = (what: string, cause: Error): Unavailable =>
  new Unavailable(`PostgreSQL: ${what} (${cause.message})`, { cause });

/** Two transactions could not follow each other: done again, each sees what the other has left. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

/** Also what two transactions see that look for a row, find none, and both insert it. */
export const isDuplicate = (error: unknown): boolean => codeOf(error) === UNIQUE_VIOLATION;

function codeOf(error: unknown): string | undefined {
  const known = error instanceof Unavailable ? error.cause : error;
  return known instanceof DatabaseError ? known.code : undefined;
}
