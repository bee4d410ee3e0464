import { createHash } from "node:crypto";
import {
  coversDivision,
  DivisionCode as DivisionCodeSchema,
  DivisionLevel,
  type DivisionView,
} from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";

const DivisionsQuery = z.strictObject({
  level: DivisionLevel.optional(),
  /** This division and all below it. */
  within: DivisionCodeSchema.optional(),
  /** With outlines; those of the villages, which are many, only with level=village. */
  area: z.stringbool().default(false),
});
type DivisionsQuery = z.infer<typeof DivisionsQuery>;

/** Answers remembered: the pages ask for a few, over and over. */
const REMEMBERED = 64;

interface Answer {
  readonly body: string;
  readonly etag: string;
}

export function divisionRoutes(app: ConsoleApp, { grid }: ConsoleContext): void {
  const remembered = new Map<string, Answer>();

  app.get(
    "/divisions",
    {
      schema: {
        tags: ["divisions"],
        summary: "行政区划 Divisions, with their outlines (GeoJSON, WGS-84) where asked for",
        querystring: DivisionsQuery,
      },
    },
    async (request, reply) => {
      const key = JSON.stringify(request.query);
      const answer = remembered.get(key) ?? write(grid, request.query);
      remembered.delete(key); // set again: the map's order is that of the last use
      remembered.set(key, answer);
      const oldest = remembered.keys().next();
      if (remembered.size > REMEMBERED && !oldest.done) remembered.delete(oldest.value);

      reply.header("etag", answer.etag).header("cache-control", "private, max-age=300");
      if (request.headers["if-none-match"] === answer.etag) return reply.code(304).send();
      return reply.type("application/json; charset=utf-8").send(answer.body);
    },
  );
}

function write(grid: Grid, { level, within, area }: DivisionsQuery): Answer {
  const views: DivisionView[] = [];
  for (const division of grid.divisions.values()) {
    if (level !== undefined && division.level !== level) continue;
    if (within !== undefined && !coversDivision(within, division.code)) continue;
    const outlined = area && (division.level !== "village" || level === "village");
    const { code, name, parent, lon, lat, approximate } = division;
    const view = { code, name, level: division.level, parent, lon, lat, approximate };
    views.push(outlined ? { ...view, area: grid.area(code) } : view);
  }
  const body = JSON.stringify({ items: views, nextCursor: null });
  return { body, etag: `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"` };
}
