import type { Episode } from "@hotgrid/contracts";
import type { Trx } from "../ports.ts";

/** Regional notices that go on. */
export async function firingNotices(trx: Trx): Promise<readonly Episode[]> {
  const rows = await trx
    .selectFrom("episodes")
    .select("document")
    .where("kind", "=", "regional")
    .where("status", "=", "firing")
    .orderBy("started_at")
    .execute();
  return rows.map((row) => JSON.parse(row.document));
}

/** Lists an episode under a notice; one that is listed already stays where it is. */
export async function inhibit(trx: Trx, episodeId: string, byEpisodeId: string, at: number): Promise<void> {
  await trx
    .insertInto("inhibited_episodes")
    .values({ episode_id: episodeId, by_episode_id: byEpisodeId, at })
    .onConflict((conflict) => conflict.column("episode_id").doNothing())
    .execute();
}

export async function isListed(trx: Trx, episodeId: string): Promise<boolean> {
  const rows = trx.selectFrom("inhibited_episodes").select("episode_id").where("episode_id", "=", episodeId);
  return (await rows.executeTakeFirst()) !== undefined;
}

/** What the notice covered and what goes on still, the earliest first. */
export async function firingChildren(trx: Trx, byEpisodeId: string): Promise<readonly Episode[]> {
  const rows = await trx
    .selectFrom("inhibited_episodes")
    .innerJoin("episodes", "episodes.id", "inhibited_episodes.episode_id")
    .select("episodes.document")
    .where("by_episode_id", "=", byEpisodeId)
    .where("episodes.status", "=", "firing")
    .orderBy("episodes.started_at")
    .execute();
  return rows.map((row) => JSON.parse(row.document));
}
