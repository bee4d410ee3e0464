import type { PostgresPool, PostgresPoolClient } from "kysely";
import { DatabaseError, Pool, type PoolClient, type PoolConfig, types } from "pg";
import { withPostgresFailures } from "./postgres-failure.ts";

/** int8 (epoch ms, counts) and numeric (sums of them) as numbers: ours fit. */
const NUMBERS: ReadonlySet<number> = new Set([types.builtins.INT8, types.builtins.NUMERIC]);
/** Ours: a server that is alive accepts at once. */
const CONNECT_WITHIN_MS = 10_000;
/** Ours: the longest statement, a removal of old rows, takes seconds; what takes longer is stuck. */
const STATEMENT_WITHIN_MS = 60_000;
/** After the server should have ended it itself: then the server or the way to it is frozen. */
const ANSWER_WITHIN_MS = STATEMENT_WITHIN_MS + 10_000;
/** A process that stands still (SIGSTOP, a pause of its machine) must not hold its locks for longer. */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** Connections as kysely takes them. */
export function openPool(connection: PoolConfig): PostgresPool {
  const pool = new Pool({
    ...connection,
    application_name: "hotgrid",
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    // A commit is on the server's disk before it is answered, whatever the server's default.
    options: "-c synchronous_commit=on",
    types: { getTypeParser: (oid, format) => (NUMBERS.has(oid) ? Number : types.getTypeParser(oid, format)) },
  });
  // A connection ended while nobody asked anything of it: the pool drops it, and the next query on it, or on a new one,
  // says what is wrong.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    connect: () => withPostgresFailures(async () => asKyselyClient(await pool.connect())),
    end: () => pool.end(),
  };
}

function asKyselyClient(client: PoolClient): PostgresPoolClient {
  let last: Promise<unknown> = Promise.resolve();
  let failed: Error | undefined;
  const query = (text: string, parameters: readonly unknown[]) => {
    const values = parameters.map(postgresValue);
    // One after the other: a transaction may ask for several things at once, a connection does not.
    const answer = last.then(() => client.query(text, values));
    last = answer.catch((error: Error) => {
      if (!(error instanceof DatabaseError)) failed = error;
    });
    return withPostgresFailures(() => answer);
  };
  return {
    // Without the second form of query(), which takes a cursor: none is configured.
    query: query as unknown as PostgresPoolClient["query"],
    // What did not answer in time may still be at work: such a connection is not used again.
    release: () => client.release(failed),
  };
}
/** PostgreSQL's text has no NUL, SQLite's and JavaScript's has: shown as what can't be shown. JSON escapes it anyway. */
const postgresValue = (value: unknown): unknown =>
  typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
