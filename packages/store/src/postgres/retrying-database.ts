import { setTimeout as pause } from "node:timers/promises";
import { Kysely, type TransactionBuilder } from "kysely";
import type { Database } from "../database.ts";
import { isConflict, isDuplicate } from "./postgres-failure.ts";

/** Ours: the audit log's head makes transactions follow each other, so that a dozen writers may meet there. */
const ATTEMPTS = 20;
/** A key that is taken is mostly a key that is taken; the second look says so. */
const ATTEMPTS_OF_DUPLICATES = 3;
/** Longest pause before the first repetition, ms; half as long again before each later one, at most the second. */
const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 250;

/** Transactions are serializable: whatever two of them do, it is as if one had come after the other, as on SQLite. Where
 *  PostgreSQL can't have it so, it ends one of them, and that one is done again. So the work of a transaction may run
 *  several times: it has no effect but on the transaction. */
export class RetryingDatabase extends Kysely<Database> {
  override transaction(): TransactionBuilder<Database> {
    const builder = super.transaction().setIsolationLevel("serializable");
    const once = builder.execute.bind(builder);
    builder.execute = (work) => untilSerialized(() => once(work));
    return builder;
  }
}

async function untilSerialized<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      const most = isConflict(error) ? ATTEMPTS : isDuplicate(error) ? ATTEMPTS_OF_DUPLICATES : 1;
      if (attempt >= most) throw error;
      await pause(Math.random() * Math.min(FIRST_PAUSE_MS * 1.5 ** attempt, LONGEST_PAUSE_MS));
    }
  }
}
