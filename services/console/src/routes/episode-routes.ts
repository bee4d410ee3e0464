import { DivisionCode, type Episode, EpisodeKind, EpisodeView, page } from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { QueryTime } from "../core/query-time.ts";
import { visiblePart } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { notFound } from "../http/http-problem.ts";
import { episodeView } from "../views/episode-view.ts";
import { asked, given, pageQuery } from "./list-query.ts";

const EpisodesQuery = z.strictObject({
  status: z.enum(["firing", "resolved"]).optional(),
  kind: EpisodeKind.optional(),
  division: DivisionCode.optional(),
  /** Those that opened no ticket because this regional notice stood for them. */
  inhibitedBy: z.string().min(1).max(120).optional(),
  /** Going on at some time from here (inclusive) … */
  from: QueryTime.optional(),
  /** … to here (exclusive). */
  to: QueryTime.optional(),
  ...pageQuery,
});

export function episodeRoutes(app: ConsoleApp, { episodes, grid, iso, tickets, visible }: ConsoleContext): void {
  const views = async (found: readonly Episode[]) => {
    const ids = found.map(({ id }) => id);
    const [ticketIds, notices] = await Promise.all([tickets.ticketIdsOf(ids), episodes.noticesOf(ids)]);
    return found.map((episode) => ({
      ...episodeView(episode, ticketIds.get(episode.id) ?? [], grid, iso),
      ...given({ inhibitedBy: notices.get(episode.id) }),
    }));
  };

  app.get(
    "/episodes",
    {
      schema: {
        tags: ["episodes"],
        summary: "异常事件,最近开始的在前 Episodes, latest start first",
        querystring: EpisodesQuery,
        response: { 200: page(EpisodeView) },
      },
    },
    async (request) => {
      const { division: wanted, ...query } = request.query;
      const division = visiblePart(accountOf(request), wanted);
      if (division === null) return { items: [], nextCursor: null };
      const found = await asked(episodes.listEpisodes({ ...given(query), limit: query.limit, division }));
      return { items: await views(found.items), nextCursor: found.nextCursor };
    },
  );

  app.get(
    "/episodes/:id",
    {
      schema: {
        tags: ["episodes"],
        summary: "一个异常事件 One episode",
        params: z.strictObject({ id: z.string().max(120) }),
        response: { 200: EpisodeView },
      },
    },
    async (request) => {
      const episode = await episodes.getEpisode(request.params.id);
      if (!episode) throw notFound();
      const [view] = await views([episode]);
      if (!view || !(await visible.seesEpisode(accountOf(request), episode, view.ticketIds))) throw notFound();
      return view;
    },
  );
}
