import type { DivisionCode, Episode, EpisodeKind } from "@hotgrid/contracts";
import type { Kysely } from "kysely";
import type { Database } from "./database.ts";
import { divisionRange } from "./division-range.ts";
import { decodeCursor, type KeysetPage, LARGEST_PAGE, pageSize, toPage } from "./keyset-page.ts";
import type { EpisodesTable } from "./tables/tickets.ts";

export interface EpisodeQuery {
  readonly status?: Episode["status"];
  readonly kind?: EpisodeKind;
  /** With all below it. */
  readonly division?: DivisionCode;
  /** The regional notice that stands for them: they opened no ticket. */
  readonly inhibitedBy?: string;
  /** Going on at some time in [from, to), epoch ms. */
  readonly from?: number;
  readonly to?: number;
  readonly cursor?: string;
  /** At most 500. */
  readonly limit: number;
}

/** Reads the projection of the EPISODES log that the dispatcher keeps. */
export class EpisodeStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Latest start first. Throws Rejected("bad-cursor"). */
  async listEpisodes(query: EpisodeQuery): Promise<KeysetPage<Episode>> {
    const size = pageSize(query.limit);
    const rows = await this.#matching(query)
      .orderBy("started_at", "desc")
      .orderBy("id", "desc")
      .limit(size + 1)
      .execute();
    return toPage(rows, size, (row) => [row.started_at, row.id], toEpisode);
  }

  async getEpisode(id: string): Promise<Episode | undefined> {
    const row = await this.#db.selectFrom("episodes").selectAll().where("id", "=", id).executeTakeFirst();
    return row && toEpisode(row);
  }

  /** The notices that stand for these episodes; one that has none is not in the map. At most 500 episodes. */
  async noticesOf(episodeIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (episodeIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom("inhibited_episodes")
      .select(["episode_id", "by_episode_id"])
      .where("episode_id", "in", episodeIds.slice(0, LARGEST_PAGE))
      .execute();
    return new Map(rows.map((row) => [row.episode_id, row.by_episode_id]));
  }

  #matching(query: EpisodeQuery) {
    let rows = this.#db.selectFrom("episodes").selectAll();
    if (query.status !== undefined) rows = rows.where("status", "=", query.status);
    if (query.kind !== undefined) rows = rows.where("kind", "=", query.kind);
    if (query.division !== undefined) {
      const [from, to] = divisionRange(query.division);
      rows = rows.where("division", ">=", from).where("division", "<", to);
    }
    const { from, to, cursor, inhibitedBy } = query;
    if (inhibitedBy !== undefined) {
      const children = this.#db.selectFrom("inhibited_episodes").where("by_episode_id", "=", inhibitedBy);
      rows = rows.where("id", "in", children.select("episode_id"));
    }
    if (from !== undefined) rows = rows.where((e) => e.or([e("ended_at", "is", null), e("ended_at", ">=", from)]));
    if (to !== undefined) rows = rows.where("started_at", "<", to);
    if (cursor !== undefined) {
      const [at, id] = decodeCursor(cursor);
      rows = rows.where((e) => e.or([e("started_at", "<", at), e.and([e("started_at", "=", at), e("id", "<", id)])]));
    }
    return rows;
  }
}

/** Written by the dispatcher, whose decoding at the edge has checked it: not checked again. */
const toEpisode = (row: EpisodesTable): Episode => JSON.parse(row.document);
