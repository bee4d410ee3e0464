import { DivisionCode, DutyView, type Leave } from "@hotgrid/contracts";
import { createDuty, type Division, type Duty, dutySpans } from "@hotgrid/grid";
import { readDutyPlan } from "@hotgrid/store";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { QueryTime } from "../core/query-time.ts";
import { seesDivision } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { invalid, notFound } from "../http/http-problem.ts";
import { divisionNames } from "../views/division-names.ts";
import { findingView, type PersonOf, personOf, spanViews } from "../views/duty-finding-view.ts";

const WEEK_MS = 7 * 86_400_000;
/** How far from now somebody may ask, ms. Ours: rosters are made a year ahead and kept for reviews. */
const FARTHEST_MS = 10 * 366 * 86_400_000;

/** Who is on duty where and when: by the rosters and assignments as they are in force at that moment. */
export function dutyRoutes(app: ConsoleApp, context: ConsoleContext): void {
  const { city, clock, database, grid, iso, people } = context;
  app.get(
    "/duty",
    {
      schema: {
        tags: ["divisions"],
        summary: "某时某地由谁值班 Who is on duty for a place at a moment",
        querystring: z.strictObject({ division: DivisionCode, at: QueryTime.optional() }),
        response: { 200: DutyView },
      },
    },
    async (request) => {
      const { division, at = clock.now() } = request.query;
      if (!grid.divisions.has(division) || !seesDivision(accountOf(request), division)) throw notFound();
      refuseFarAway(at, clock.now());
      const plan = await readDutyPlan(database, city.utcOffset);
      const person = await personOf(people);
      const duty = createDuty(plan);
      const lineage = grid.lineage(division);
      const week = { from: at, to: at + WEEK_MS };
      const spans = dutySpans(duty, lineage, week);
      const concerned = new Set(plan.assignments.filter(isAmong(lineage)).map(({ officerId }) => officerId));
      for (const { officerId } of plan.shifts.filter(isAmong(lineage))) concerned.add(officerId);
      return {
        division,
        divisionNames: divisionNames(grid, division),
        at: iso(at),
        levels: levelsOf(duty, lineage, at, person),
        vendor: person(duty.vendor(lineage, at)?.officerId ?? null),
        spans: spanViews(spans, iso, person),
        leaves: plan.leaves
          .filter(({ officerId, from, to }) => concerned.has(officerId) && from < week.to && to > week.from)
          .map((leave) => leaveView(leave, iso, person)),
      };
    },
  );
}

const isAmong =
  (lineage: readonly Division[]) =>
  ({ division }: { readonly division: string }): boolean =>
    lineage.some(({ code }) => code === division);

const levelsOf = (duty: Duty, lineage: readonly Division[], at: number, person: PersonOf): DutyView["levels"] =>
  lineage.map(({ code, name, level }, depth) => ({
    ...{ division: code, name, level },
    ...findingView(duty.onDuty(lineage.slice(0, depth + 1), at), person),
  }));

function leaveView(leave: Leave, iso: ConsoleContext["iso"], person: PersonOf): DutyView["leaves"][number] {
  const { officerId, from, to, substituteId } = leave;
  const officer = person(officerId) ?? { id: officerId, name: officerId, phone: "" };
  return { officer, from: iso(from), to: iso(to), substitute: person(substituteId) };
}

/** Throws HttpProblem 422. */
export function refuseFarAway(at: number, now: number): void {
  if (Math.abs(at - now) <= FARTHEST_MS) return;
  throw invalid(
    "querystring.at",
    { zh: "时间离现在超过十年", en: "This moment is more than ten years away" },
    { zh: "请选择十年以内的时间", en: "Choose one within ten years" },
  );
}
