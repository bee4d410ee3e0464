import type { Bus } from "@hotgrid/bus";
import { type CityCode, type TicketEvent, ticketEventKey, ticketSubject } from "@hotgrid/contracts";
import { type Trail, wallTime } from "@hotgrid/runtime";
import { type Database, divisionRange } from "@hotgrid/store";
import type { Kysely } from "kysely";

/** Messages appended at once. Ours. */
const BATCH = 200;

export interface Outbox {
  readonly database: Kysely<Database>;
  readonly bus: Bus;
  readonly city: CityCode;
  readonly trail: Trail;
}

/** Brings what was committed of the city's tickets to the TICKETS log, in the order of each ticket's revisions: at least
 *  once, since a crash may come between the log and the mark, and another dispatcher may do the same; the log drops the
 *  second copy by its message id. Throws Unavailable where the log can't take it. */
export async function publishOutbox({ database, bus, city, trail }: Outbox, now: number): Promise<void> {
  const [first, end] = divisionRange(`${city}00`);
  for (;;) {
    const from = wallTime();
    const rows = await database
      .selectFrom("outbox")
      .innerJoin("tickets", "tickets.id", "outbox.ticket_id")
      .select(["message_id", "outbox.document"])
      .where("sent_at", "is", null)
      .where("tickets.division", ">=", first)
      .where("tickets.division", "<", end)
      .orderBy("outbox.created_at")
      .orderBy("ticket_id")
      .orderBy("outbox.revision")
      .limit(BATCH)
      .execute();
    if (rows.length === 0) return;
    const subject = ticketSubject(city);
    const entries = rows.map((row) => ({ subject, messageId: row.message_id, data: Buffer.from(row.document) }));
    await bus.append("tickets", entries);
    const ids = rows.map((row) => row.message_id);
    await database.updateTable("outbox").set({ sent_at: now }).where("message_id", "in", ids).execute();
    if (trail.isTold) for (const { document } of rows) tell(trail, JSON.parse(document), from);
  }
}

function tell(trail: Trail, event: TicketEvent, from: number): void {
  const { ticket, entry } = event;
  const fields = { ticket: ticket.id, revision: ticket.revision, action: entry.action, state: ticket.state };
  const about = { ...fields, episode: ticket.episodeId };
  trail.tell({ name: "ticket", id: ticketEventKey(event), reading: ticket.reading, from, fields: about });
}
