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

export async function ticketOfEpisode(trx: Trx, episodeId: string): Promise<Ticket | undefined> {
  const row = await trx
    .selectFrom("ticket_episodes")
    .innerJoin("tickets", "tickets.id", "ticket_episodes.ticket_id")
    .select("tickets.document")
    .where("ticket_episodes.episode_id", "=", episodeId)
    .executeTakeFirst();
  return row && JSON.parse(row.document);
}

/** The ticket deals with the episode from now on. */
export async function assignEpisode(trx: Trx, episodeId: string, ticketId: string): Promise<void> {
  await trx
    .insertInto("ticket_episodes")
    .values({ episode_id: episodeId, ticket_id: ticketId })
    .onConflict((conflict) => conflict.column("episode_id").doUpdateSet({ ticket_id: ticketId }))
    .execute();
}

/** A merged ticket's episodes go over to the other. */
export async function moveEpisodes(trx: Trx, from: string, to: string): Promise<void> {
  await trx.updateTable("ticket_episodes").set({ ticket_id: to }).where("ticket_id", "=", from).execute();
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
