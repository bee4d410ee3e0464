import { CellDutyView, CoverageView } from "@hotgrid/contracts";
import { COVERED_AHEAD_MS, cellsOfVillages, createDuty, dutySpans, verifyCoverage } from "@hotgrid/grid";
import { readDutyPlan } from "@hotgrid/store";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { QueryTime } from "../core/query-time.ts";
import { seesDivision } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { notFound } from "../http/http-problem.ts";
import { coverageView } from "../views/coverage-view.ts";
import { divisionNames } from "../views/division-names.ts";
import { personOf, spanViews } from "../views/duty-finding-view.ts";
import { refuseFarAway } from "./duty-routes.ts";

/** Of one address a minute: each is some 50 ms of work. Ours. */
const rateLimit = { max: 60, timeWindow: "1 minute" };

/** The proof that every cell has somebody at every hour, and who that is. */
export function coverageRoutes(app: ConsoleApp, context: ConsoleContext): void {
  coverageRoute(app, context);
  cellDutyRoute(app, context);
}

function coverageRoute(app: ConsoleApp, { city, clock, database, grid, iso, stations }: ConsoleContext): void {
  app.get(
    "/duty/coverage",
    {
      config: { roles: ["supervisor", "administrator"], rateLimit },
      schema: {
        tags: ["divisions"],
        summary: "今后 30 天是否时时处处有人负责 Whether everywhere has somebody at every hour of the next 30 days",
        response: { 200: CoverageView },
      },
    },
    async (request) => {
      const from = clock.now();
      const plan = await readDutyPlan(database, city.utcOffset);
      const all = stations.all();
      const report = verifyCoverage(grid, all, plan, { from, to: from + COVERED_AHEAD_MS });
      const scene = { grid, iso, stations: all.map(({ division }) => division) };
      return coverageView(report, accountOf(request).division, scene);
    },
  );
}

function cellDutyRoute(app: ConsoleApp, { city, clock, database, grid, iso, people }: ConsoleContext): void {
  app.get(
    "/cells/:id/duty",
    {
      config: { rateLimit },
      schema: {
        tags: ["cells"],
        summary: "某网格 30 天内各村社由谁值班 Who is on duty in a cell's villages for 30 days",
        params: z.strictObject({ id: z.string().min(1).max(64) }),
        querystring: z.strictObject({ at: QueryTime.optional() }),
        response: { 200: CellDutyView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { at = clock.now() } = request.query;
      const { fine, coarse } = cellsOfVillages(grid);
      const villages = (fine.get(id) ?? coarse.get(id) ?? []).filter((code) => seesDivision(accountOf(request), code));
      if (villages.length === 0) throw notFound();
      refuseFarAway(at, clock.now());
      const span = { from: at, to: at + COVERED_AHEAD_MS };
      const duty = createDuty(await readDutyPlan(database, city.utcOffset));
      const person = await personOf(people);
      return {
        cell: id,
        from: iso(span.from),
        to: iso(span.to),
        villages: villages.map((division) => ({
          division,
          divisionNames: divisionNames(grid, division),
          spans: spanViews(dutySpans(duty, grid.lineage(division), span), iso, person),
        })),
      };
    },
  );
}
