import { coversDivision, DivisionCode, OfficerView } from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { seesDivision } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { notFound } from "../http/http-problem.ts";
import { divisionName } from "../views/division-names.ts";

/** Assignments of one answer at most. Ours: a county has some hundred villages with two people each. */
const LARGEST_ANSWER = 2000;

export function officerRoutes(app: ConsoleApp, { clock, grid, people }: ConsoleContext): void {
  app.get(
    "/officers",
    {
      schema: {
        tags: ["divisions"],
        summary: "辖区内在任的网格员 Officers in term in a division and below it",
        querystring: z.strictObject({ division: DivisionCode }),
        response: { 200: z.strictObject({ items: z.array(OfficerView), truncated: z.boolean() }) },
      },
    },
    async (request) => {
      const { division } = request.query;
      if (!grid.divisions.has(division) || !seesDivision(accountOf(request), division)) throw notFound();
      const officers = new Map((await people.officers()).map((officer) => [officer.id, officer]));
      const items = (await people.assignments(clock.now()))
        .filter((assignment) => coversDivision(division, assignment.division))
        .flatMap(({ officerId, division: place, role }) => {
          const officer = officers.get(officerId);
          return officer ? [{ ...officer, division: place, divisionName: divisionName(grid, place), role }] : [];
        });
      return { items: items.slice(0, LARGEST_ANSWER), truncated: items.length > LARGEST_ANSWER };
    },
  );
}
