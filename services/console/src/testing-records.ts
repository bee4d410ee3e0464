import type { Episode, Ticket, TicketHistoryEntry } from "@hotgrid/contracts";
import type { Database } from "@hotgrid/store";
import { testEpisode, testTicket } from "@hotgrid/tickets/testing";
import type { Kysely } from "kysely";
import { TEST_NOW } from "./testing.ts";

/** Puts an episode where the dispatcher keeps them. */
export async function putEpisode(db: Kysely<Database>, id: string, changes: Partial<Episode> = {}): Promise<Episode> {
  const episode = testEpisode(id, TEST_NOW, changes);
  const { kind, status, division } = episode;
  const times = { started_at: episode.startedAt, confirmed_at: episode.confirmedAt, ended_at: episode.endedAt };
  const document = JSON.stringify(episode);
  await db
    .insertInto("episodes")
    .values({ id, kind, status, division, ...times, revision: 1, document })
    .onConflict((oc) => oc.doNothing())
    .execute();
  return episode;
}

/** Puts a ticket with its episode and the first line of its history where the dispatcher keeps them. */
export async function putTicket(
  db: Kysely<Database>,
  changes: Partial<Ticket> & Pick<Ticket, "id">,
  overdue = false,
): Promise<Ticket> {
  const ticket: Ticket = { ...testTicket(TEST_NOW), episodeId: `E-${changes.id}`, ...changes };
  const { id, revision, kind, severity, state, division } = ticket;
  await putEpisode(db, ticket.episodeId, { division: ticket.division, stationIds: ticket.stationIds });
  await db
    .insertInto("tickets")
    .values({
      ...{ id, revision, kind, severity, state, division },
      place: id,
      open_place: state === "closed" ? null : id,
      officer_id: ticket.officerId,
      overdue: overdue ? 1 : 0,
      inspection: ticket.inspection?.state ?? null,
      opened_at: ticket.openedAt,
      updated_at: ticket.updatedAt,
      closed_at: ticket.closedAt,
      document: JSON.stringify(ticket),
    })
    .execute();
  const { at, action, by, ...line } = openingLine(ticket);
  await db
    .insertInto("ticket_history")
    .values({ ticket_id: id, revision, at, action, by, document: JSON.stringify({ at, action, by, ...line }) })
    .execute();
  await db.insertInto("ticket_episodes").values({ episode_id: ticket.episodeId, ticket_id: id }).execute();
  return ticket;
}

export const openingLine = (ticket: Ticket): TicketHistoryEntry => ({
  revision: ticket.revision,
  at: ticket.openedAt,
  action: "open",
  by: "system",
  byName: "系统",
  from: null,
  to: ticket.state,
  note: ticket.routingReason,
});
