import { giveWay } from "@hotgrid/runtime";
import type { Database } from "@hotgrid/store";
import { runDue } from "@hotgrid/tickets";
import type { Kysely } from "kysely";
import { loadTicket } from "./adapters/ticket-ledger.ts";
import { keepChange } from "./keep-change.ts";
import type { City, Trx } from "./ports.ts";
import { nextAbove } from "./route-ticket.ts";

/** Rows looked up at once. Ours. */
const BATCH = 100;

/** Executes every clock and every reminder that is due at `now`, the earliest first, each in its own transaction: what a
 *  crash interrupts is found again, what is done is settled in the same transaction and never found again. */
export async function runDueClocks(db: Kysely<Database>, city: City, now: number): Promise<void> {
  for (;;) {
    const due = await db
      .selectFrom("obligations")
      .select(["ticket_id", "position"])
      .where("state", "=", "running")
      .where((e) => e.or([e("due_at", "<=", now), e("remind_at", "<=", now)]))
      .orderBy("due_at")
      .limit(BATCH)
      .execute();
    let done = 0;
    for (const { ticket_id, position } of due) {
      if (await db.transaction().execute((trx) => runClock(trx, ticket_id, position, city, now))) done++;
      await giveWay();
    }
    // None done although some are due: others were faster with all of them.
    if (done === 0) return;
  }
}

async function runClock(trx: Trx, ticketId: string, position: number, city: City, now: number): Promise<boolean> {
  const ticket = await loadTicket(trx, ticketId);
  if (ticket === undefined) return false;
  const above = ticket.obligations[position]?.kind === "respond" ? await nextAbove(trx, city, ticket, now) : null;
  const change = runDue(ticket, position, above, city.policy, now);
  if (change === null) return false;
  await keepChange(trx, ticket, change, city, now);
  return true;
}

/** When the next clock or reminder is due, epoch ms; null while none runs. */
export async function nextDueAt(db: Kysely<Database>): Promise<number | null> {
  const row = await db
    .selectFrom("obligations")
    .select((e) => [e.fn.min("due_at").as("due"), e.fn.min("remind_at").as("remind")])
    .where("state", "=", "running")
    .executeTakeFirst();
  if (row === undefined || row.due === null) return null;
  return Math.min(row.due, row.remind ?? row.due);
}
