import { STREAMS } from "@hotgrid/contracts";
import type { Database } from "@hotgrid/store";
import type { Kysely } from "kysely";

/** How long the answer to a command is kept for who sends it again, ms. Ours: a phone that was off for a week. */
const REPLIES_KEPT_MS = 7 * 86_400_000;

/** Removes what only guards against repetition, once no repetition can come. Tickets, history and clocks stay. */
export async function forgetOldRows(db: Kysely<Database>, now: number): Promise<void> {
  const published = now - STREAMS.tickets.duplicateWindowMs;
  await db.deleteFrom("outbox").where("sent_at", "<", published).execute();
  await db
    .deleteFrom("command_results")
    .where("at", "<", now - REPLIES_KEPT_MS)
    .execute();
}
