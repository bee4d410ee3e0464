import { DeadLetterReason, DeadLetterView, page, StationId } from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { QueryTime } from "../core/query-time.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { asked, given, pageQuery } from "./list-query.ts";

const DeadLettersQuery = z.strictObject({
  reason: DeadLetterReason.optional(),
  station: StationId.optional(),
  from: QueryTime.optional(),
  to: QueryTime.optional(),
  ...pageQuery,
});

/** A letter may belong to no station and so to no division: they are for those who look after the whole city. */
export function deadLetterRoutes(app: ConsoleApp, { deadLetters, iso }: ConsoleContext): void {
  app.get(
    "/dead-letters",
    {
      config: { roles: ["operator", "administrator"] },
      schema: {
        tags: ["operation"],
        summary: "死信,最近的在前 What could not be used, newest first",
        querystring: DeadLettersQuery,
        response: { 200: page(DeadLetterView) },
      },
    },
    async (request) => {
      const { station: stationId, limit, ...filter } = request.query;
      const found = await asked(deadLetters.list({ ...given({ stationId, ...filter }), limit }));
      return { items: found.items.map((letter) => ({ ...letter, at: iso(letter.at) })), nextCursor: found.nextCursor };
    },
  );
}
