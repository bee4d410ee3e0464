import {
  type Account,
  coversDivision,
  InspectionDrawView,
  InspectionGrantRequest,
  InspectorView,
  page,
} from "@hotgrid/contracts";
import { Rejected } from "@hotgrid/runtime";
import { type Inspector, listDraws, localMonth } from "@hotgrid/store";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { seesDivision } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { HttpProblem, notFound } from "../http/http-problem.ts";
import { divisionNames } from "../views/division-names.ts";

/** Who answers for a division lets inspectors in. */
const GRANTERS = ["supervisor", "administrator"] as const;
const tags = ["inspection"];
const Id = z.strictObject({ id: z.string().min(1).max(64) });

/** Third-party inspection: who may inspect, and how tickets are drawn. The inspectors' list is GET /tickets with
 *  `inspection=pending`, a result POST /tickets/{id}/inspect. */
export function inspectionRoutes(app: ConsoleApp, context: ConsoleContext): void {
  listRoute(app, context);
  grantRoute(app, context);
  revokeRoute(app, context);
  drawsRoute(app, context);
}

function listRoute(app: ConsoleApp, context: ConsoleContext): void {
  app.get(
    "/inspectors",
    {
      config: { roles: [...GRANTERS, "inspector"], withoutGrant: true },
      schema: {
        tags,
        summary: "核查账号及其授权 Inspectors and what they were granted; an inspector sees itself",
        response: { 200: page(InspectorView) },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const found = (await context.grants.list()).filter((one) => concerns(account, one));
      return { items: found.map((one) => viewOf(context, account, one)), nextCursor: null };
    },
  );
}

function grantRoute(app: ConsoleApp, context: ConsoleContext): void {
  app.put(
    "/inspectors/:id/grant",
    {
      config: { roles: GRANTERS },
      schema: {
        tags,
        summary: "授予或延长核查授权 Grant: a division with all below it, until a time",
        params: Id,
        body: InspectionGrantRequest,
        response: { 200: InspectorView },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const { division, until } = request.body;
      const { id } = request.params;
      if (!context.grid.divisions.has(division))
        throw refusal(422, "unknown-division", UNKNOWN_DIVISION, "body.division");
      await known(context, account, id);
      const grant = { division, until: Date.parse(until) };
      await context.grants.grant(id, grant, account, request.ip).catch(refuse);
      return viewOf(context, account, await known(context, account, id));
    },
  );
}

function revokeRoute(app: ConsoleApp, context: ConsoleContext): void {
  app.delete(
    "/inspectors/:id/grant",
    {
      config: { roles: GRANTERS },
      schema: { tags, summary: "撤销核查授权 Revoke, at once", params: Id, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      await context.grants.revoke(request.params.id, accountOf(request), request.ip).catch(refuse);
      return reply.code(204).send();
    },
  );
}

function drawsRoute(app: ConsoleApp, { city, clock, database }: ConsoleContext): void {
  app.get(
    "/inspection-draws",
    {
      config: { roles: [...GRANTERS, "inspector"] },
      schema: {
        tags,
        summary:
          "各月抽样：比例、密钥摘要，月后公布密钥 How each month's tickets are drawn, to be checked by everybody",
        response: { 200: page(InspectionDrawView) },
      },
    },
    async () => {
      const draws = await listDraws(database, localMonth(clock.now(), city.utcOffset));
      return { items: [...draws], nextCursor: null };
    },
  );
}

/** Whoever could inspect in the account's division, or does. */
function concerns(account: Account, { account: inspector, grant }: Inspector): boolean {
  if (account.role === "inspector") return account.id === inspector.id;
  const possible = coversDivision(inspector.division, account.division) || seesDivision(account, inspector.division);
  return possible || (grant !== null && seesDivision(account, grant.division));
}

/** 404 for one that the account does not see. */
async function known({ grants }: ConsoleContext, account: Account, id: string): Promise<Inspector> {
  const found = (await grants.list()).find((one) => one.account.id === id && concerns(account, one));
  if (!found) throw notFound();
  return found;
}

function viewOf({ clock, grid, iso }: ConsoleContext, account: Account, one: Inspector): InspectorView {
  const { id, name, division } = one.account;
  const now = clock.now();
  const active = one.grant !== null && one.grant.until > now;
  // Another division's grant is told to hold, not where: that is no business of this one.
  const seen = one.grant !== null && (account.id === id || seesDivision(account, one.grant.division));
  const mayGrant = account.role !== "inspector" && (seen || !active);
  if (one.grant === null || !seen) return { id, name, division, grant: null, mayGrant };
  const { until, grantedAt, grantedBy } = one.grant;
  const times = { until: iso(until), grantedAt: iso(grantedAt) };
  const where = { division: one.grant.division, divisionNames: divisionNames(grid, one.grant.division) };
  return { id, name, division, grant: { ...where, ...times, grantedBy, active }, mayGrant };
}

const STATUS_OF: Readonly<Record<string, number>> = {
  "unknown-inspector": 404,
  "unknown-grant": 404,
  "outside-division": 403,
  "granted-elsewhere": 409,
};

function refuse(error: unknown): never {
  if (!(error instanceof Rejected)) throw error;
  const text = { zh: error.messageZh, en: error.message };
  throw refusal(STATUS_OF[error.reason] ?? 422, error.reason, text, `body.${error.field}`);
}

const UNKNOWN_DIVISION = { zh: "本市没有该区划", en: "there is no such division in this city" };

const refusal = (status: number, name: string, text: { zh: string; en: string }, field: string): HttpProblem =>
  new HttpProblem({ status, name, text, ...(status === 422 && { field }) });
