import { isDeepStrictEqual } from "node:util";
import { type Obligation, type Ticket, type TicketEvent, type TicketState, ticketEventKey } from "@hotgrid/contracts";
import { Unavailable } from "@hotgrid/runtime";
import { appendTicketAudit } from "@hotgrid/store";
import { type Change, isOverdue } from "@hotgrid/tickets";
import type { Trx } from "../ports.ts";

export async function loadTicket(trx: Trx, id: string): Promise<Ticket | undefined> {
  const row = await trx.selectFrom("tickets").select("document").where("id", "=", id).executeTakeFirst();
  return row && JSON.parse(row.document);
}

/** What a ticket is about: see placeOf(). */
export async function placeOfTicket(trx: Trx, id: string): Promise<string> {
  return (await trx.selectFrom("tickets").select("place").where("id", "=", id).executeTakeFirstOrThrow()).place;
}

/** The ticket to which a new episode at the place belongs. */
export async function openTicketAt(trx: Trx, place: string): Promise<Ticket | undefined> {
  const row = await trx.selectFrom("tickets").select("document").where("open_place", "=", place).executeTakeFirst();
  return row && JSON.parse(row.document);
}

/** The ticket of the place that was closed last, at or after a time, and neither by a merge nor as a false alarm. */
export async function closedTicketAt(trx: Trx, place: string, since: number): Promise<Ticket | undefined> {
  const rows = await trx
    .selectFrom("tickets")
    .select("document")
    .where("place", "=", place)
    .where("closed_at", ">=", since)
    .orderBy("closed_at", "desc")
    .execute();
  const tickets = rows.map((row): Ticket => JSON.parse(row.document));
  return tickets.find((ticket) => ticket.mergedInto === undefined && !ticket.falseAlarm);
}

/** Tickets that are not closed and have this station. */
export async function openTicketsWith(trx: Trx, stationId: string): Promise<readonly Ticket[]> {
  const rows = await trx.selectFrom("tickets").select("document").where("state", "!=", "closed").execute();
  return rows.map((row): Ticket => JSON.parse(row.document)).filter((t) => t.stationIds.includes(stationId));
}

/** The first of these ids that no ticket has. */
export async function freeId(trx: Trx, candidates: readonly string[]): Promise<string> {
  const taken = await trx.selectFrom("tickets").select("id").where("id", "in", candidates).execute();
  const free = candidates.find((id) => !taken.some((row) => row.id === id));
  if (free === undefined) throw new Error(`every id is taken: ${candidates.join(", ")}`);
  return free;
}

/** Writes a new ticket with its history, its clocks, its message and its audit record.
 *  @param claims what comes up at the place from now on belongs to it; address: from which a person asked for it. */
export async function insertTicket(
  trx: Trx,
  change: Change,
  place: string,
  { claims = true, address = null }: { readonly claims?: boolean; readonly address?: string | null } = {},
): Promise<void> {
  const { ticket } = change;
  const row = {
    id: ticket.id,
    place,
    open_place: claims ? place : null,
    opened_at: ticket.openedAt,
    ...columns(ticket),
  };
  await trx.insertInto("tickets").values(row).execute();
  await writeStep(trx, change, [], address);
}

/** Writes a change with its history, its clocks, its message and its audit record. Throws Unavailable where the ticket
 *  was changed by somebody else since it was loaded: the caller's work is done again on what it is now.
 *  @param address from which a person asked for it. */
export async function updateTicket(
  trx: Trx,
  before: Ticket,
  change: Change,
  address: string | null = null,
): Promise<void> {
  const { ticket } = change;
  const { numUpdatedRows } = await trx
    .updateTable("tickets")
    .set({ ...columns(ticket), ...(await openPlace(trx, before, ticket)) })
    .where("id", "=", ticket.id)
    .where("revision", "=", before.revision)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n) throw new Unavailable(`ticket ${ticket.id} was changed meanwhile`, { retryAfterMs: 0 });
  await writeStep(trx, change, before.obligations, address);
}

const inPlay = (state: TicketState): boolean => state !== "closed" && state !== "suspended";

/** A ticket that comes back claims its place again, unless another one has taken it meanwhile. */
async function openPlace(trx: Trx, before: Ticket, after: Ticket): Promise<{ open_place?: string | null }> {
  if (inPlay(before.state) === inPlay(after.state)) return {};
  if (!inPlay(after.state)) return { open_place: null };
  const place = await placeOfTicket(trx, after.id);
  return { open_place: (await openTicketAt(trx, place)) === undefined ? place : null };
}

const columns = (ticket: Ticket) => ({
  revision: ticket.revision,
  kind: ticket.kind,
  severity: ticket.severity,
  state: ticket.state,
  division: ticket.division,
  officer_id: ticket.officerId,
  overdue: isOverdue(ticket) ? 1 : 0,
  inspection: ticket.inspection?.state ?? null,
  updated_at: ticket.updatedAt,
  closed_at: ticket.closedAt,
  document: JSON.stringify(ticket),
});

async function writeStep(
  trx: Trx,
  { ticket, entry }: Change,
  before: readonly Obligation[],
  address: string | null,
): Promise<void> {
  const { revision, at, action, by } = entry;
  const id = { ticket_id: ticket.id, revision };
  await trx
    .insertInto("ticket_history")
    .values({ ...id, at, action, by, document: JSON.stringify(entry) })
    .execute();
  await writeObligations(trx, ticket, before);
  const event: TicketEvent = { ticket, entry };
  await appendTicketAudit(trx, event, address);
  await trx
    .insertInto("outbox")
    .values({
      ...id,
      message_id: ticketEventKey(event),
      created_at: at,
      sent_at: null,
      document: JSON.stringify(event),
    })
    .execute();
}

async function writeObligations(trx: Trx, ticket: Ticket, before: readonly Obligation[]): Promise<void> {
  for (const [position, clock] of ticket.obligations.entries()) {
    const old = before[position];
    const row = {
      ...{ kind: clock.kind, due_at: clock.dueAt, state: clock.state, settled_at: clock.settledAt },
      remind_at: clock.reminders?.[0] ?? null,
    };
    if (old === undefined) {
      await trx
        .insertInto("obligations")
        .values({ ticket_id: ticket.id, position, ...row })
        .execute();
    } else if (!isDeepStrictEqual(old, clock)) {
      const its = trx.updateTable("obligations").set(row).where("ticket_id", "=", ticket.id);
      await its.where("position", "=", position).execute();
    }
  }
}
