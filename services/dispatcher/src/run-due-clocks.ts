import { giveWay } from "@hotgrid/runtime";
import { type Database, divisionRange } from "@hotgrid/store";
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
    const due = await runningClocks(db, city)
      .select(["ticket_id", "position"])
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

/** When the next clock or reminder of the city is due, epoch ms; null while none runs. */
export async function nextDueAt(db: Kysely<Database>, city: City): Promise<number | null> {
  const next = async (column: "due_at" | "remind_at") => {
    const clocks = runningClocks(db, city).select(`${column} as at`).where(column, "is not", null);
    return (await clocks.orderBy(column).limit(1).executeTakeFirst())?.at ?? Number.POSITIVE_INFINITY;
  };
  const at = Math.min(await next("due_at"), await next("remind_at"));
  return at === Number.POSITIVE_INFINITY ? null : at;
}

/** Of the city's own tickets: another city's have another policy and other officers, and a dispatcher of their own. */
function runningClocks(db: Kysely<Database>, { grid }: City) {
  const [from, to] = divisionRange(grid.city);
  return db
    .selectFrom("obligations")
    .innerJoin("tickets", "tickets.id", "obligations.ticket_id")
    .where("obligations.state", "=", "running")
    .where("tickets.division", ">=", from)
    .where("tickets.division", "<", to);
}
