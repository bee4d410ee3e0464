import { page, StationView } from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { notFound } from "../http/http-problem.ts";
import { stationView } from "../views/station-view.ts";

/** Stations of one answer at most. Ours: the largest cities have some thousand. */
const LARGEST_PAGE = 5000;

const StationsQuery = z.strictObject({
  /** Id of the last station of the page before. */
  cursor: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(LARGEST_PAGE),
});

export function stationRoutes(app: ConsoleApp, context: ConsoleContext): void {
  const { grid, iso, readings, stations, status, visible } = context;

  app.get(
    "/stations",
    {
      schema: {
        tags: ["stations"],
        summary: "监测站及其最新读数 Stations with their latest reading",
        querystring: StationsQuery,
        response: { 200: page(StationView) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const sees = await visible.stations(accountOf(request));
      const rest = stations.all().filter((s) => sees(s) && (cursor === undefined || s.id > cursor));
      const shown = rest.slice(0, limit);
      const [latest, statuses] = await Promise.all([readings.latest(), status.all()]);
      const items = shown.map((station) =>
        stationView(station, { latest: latest.get(station.id), status: statuses.get(station.id) }, grid, iso),
      );
      return { items, nextCursor: rest.length > shown.length ? (shown.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    "/stations/:id",
    {
      schema: {
        tags: ["stations"],
        summary: "一个监测站 One station",
        params: z.strictObject({ id: z.string().max(120) }),
        response: { 200: StationView },
      },
    },
    async (request) => {
      const station = await visible.station(accountOf(request), request.params.id);
      if (!station) throw notFound();
      const [latest, statuses] = await Promise.all([readings.latest(), status.all()]);
      const facts = { latest: latest.get(station.id), status: statuses.get(station.id) };
      return stationView(station, facts, grid, iso);
    },
  );
}
