import type { Bus } from "@hotgrid/bus";
import { type CityCode, ticketSubject } from "@hotgrid/contracts";
import type { Database } from "@hotgrid/store";
import type { Kysely } from "kysely";

/** Messages appended at once. Ours. */
const BATCH = 200;

/** Brings what was committed to the TICKETS log, in the order of each ticket's revisions: at least once, since a crash
 *  may come between the log and the mark; the log drops the second copy by its message id. Throws Unavailable where
 *  the log can't take it. */
export async function publishOutbox(db: Kysely<Database>, bus: Bus, city: CityCode, now: number): Promise<void> {
  for (;;) {
    const rows = await db
      .selectFrom("outbox")
      .select(["message_id", "document"])
      .where("sent_at", "is", null)
      .orderBy("created_at")
      .orderBy("ticket_id")
      .orderBy("revision")
      .limit(BATCH)
      .execute();
    if (rows.length === 0) return;
    const subject = ticketSubject(city);
    const entries = rows.map((row) => ({ subject, messageId: row.message_id, data: Buffer.from(row.document) }));
    await bus.append("tickets", entries);
    const ids = rows.map((row) => row.message_id);
    await db.updateTable("outbox").set({ sent_at: now }).where("message_id", "in", ids).execute();
  }
}
