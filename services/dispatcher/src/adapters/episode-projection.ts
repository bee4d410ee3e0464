import type { Episode, EpisodeEvent, Ticket } from "@hotgrid/contracts";
import type { Trx } from "../ports.ts";

/** Keeps the latest revision. False: this one is not newer than what is there, a duplicate or out of order. */
export async function saveEpisode(trx: Trx, { episode, revision }: EpisodeEvent): Promise<boolean> {
  const row = {
    id: episode.id,
    revision,
    kind: episode.kind,
    status: episode.status,
    division: episode.division,
    started_at: episode.startedAt,
    confirmed_at: episode.confirmedAt,
    ended_at: episode.endedAt,
    document: JSON.stringify(episode),
  };
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto("episodes")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doUpdateSet(row).where("episodes.revision", "<", revision))
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** The tickets that deal with an episode: one, or since a split several; closed last first, the open ones before. */
export async function ticketsOfEpisode(trx: Trx, episodeId: string): Promise<readonly Ticket[]> {
  const rows = await trx
    .selectFrom("ticket_episodes")
    .innerJoin("tickets", "tickets.id", "ticket_episodes.ticket_id")
    .select("tickets.document")
    .where("ticket_episodes.episode_id", "=", episodeId)
    .orderBy("tickets.id")
    .execute();
  const tickets = rows.map((row): Ticket => JSON.parse(row.document));
  const end = ({ closedAt }: Ticket) => closedAt ?? Number.POSITIVE_INFINITY;
  return tickets.toSorted((a, b) => (end(a) === end(b) ? 0 : end(b) - end(a)));
}

/** This ticket alone deals with the episode from now on. */
export async function assignEpisode(trx: Trx, episodeId: string, ticketId: string): Promise<void> {
  const others = trx.deleteFrom("ticket_episodes").where("episode_id", "=", episodeId);
  await others.where("ticket_id", "!=", ticketId).execute();
  await linkEpisode(trx, episodeId, ticketId);
}

/** The ticket deals with the episode, too. */
export async function linkEpisode(trx: Trx, episodeId: string, ticketId: string): Promise<void> {
  await trx
    .insertInto("ticket_episodes")
    .values({ episode_id: episodeId, ticket_id: ticketId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function unlinkEpisode(trx: Trx, episodeId: string, ticketId: string): Promise<void> {
  const link = trx.deleteFrom("ticket_episodes").where("episode_id", "=", episodeId);
  await link.where("ticket_id", "=", ticketId).execute();
}

/** A merged ticket's episodes go over to the other. */
export async function moveEpisodes(trx: Trx, from: string, to: string): Promise<void> {
  for (const { id } of await episodesOfTicket(trx, from)) {
    await linkEpisode(trx, id, to);
    await unlinkEpisode(trx, id, from);
  }
}

export async function episodesOfTicket(trx: Trx, ticketId: string): Promise<readonly Episode[]> {
  const rows = await trx
    .selectFrom("ticket_episodes")
    .innerJoin("episodes", "episodes.id", "ticket_episodes.episode_id")
    .select("episodes.document")
    .where("ticket_episodes.ticket_id", "=", ticketId)
    .orderBy("episodes.started_at")
    .execute();
  return rows.map((row) => JSON.parse(row.document));
}
