import { type Account, BoundaryProposalView, BoundarySettlement, page } from "@hotgrid/contracts";
import { BoundaryProposalStore, type SettledProposal } from "@hotgrid/store";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { nullable } from "../core/iso-time.ts";
import { seesDivision } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { forbidden, HttpProblem, notFound } from "../http/http-problem.ts";
import { divisionNames } from "../views/division-names.ts";

/** Who settles a boundary is answerable for the area on both sides of it. */
const SETTLERS = ["supervisor", "administrator"] as const;

/** Tickets that officers returned as not of their area: what they say about the boundaries. */
export function boundaryProposalRoutes(app: ConsoleApp, context: ConsoleContext): void {
  const store = new BoundaryProposalStore(context.database);

  app.get(
    "/boundary-proposals",
    {
      config: { roles: [...SETTLERS, "operator"] },
      schema: {
        tags: ["divisions"],
        summary: "界线问题,最近的在前,至多 500 条 Proposals to correct a boundary, newest first, 500 at most",
        querystring: z.strictObject({ settled: z.stringbool().default(false) }),
        response: { 200: page(BoundaryProposalView) },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const found = await store.touching(account.division, request.query.settled);
      return { items: await views(context, account, found), nextCursor: null };
    },
  );

  app.post(
    "/boundary-proposals/:id/settle",
    {
      config: { roles: SETTLERS },
      schema: {
        tags: ["divisions"],
        summary: "采纳或不采纳 Accept or refuse a proposal",
        params: z.strictObject({ id: z.string().max(120) }),
        body: BoundarySettlement,
        response: { 200: BoundaryProposalView },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const proposal = await store.find(request.params.id);
      if (!proposal || !touches(account, proposal)) throw notFound();
      if (!maySettle(account, proposal)) throw ofTheLevelAbove();
      const actor = { account: account.id, address: request.ip };
      const settlement = { ...request.body, actor, at: context.clock.now() };
      if (!(await store.settle(proposal.id, settlement))) throw settledAlready();
      const [view] = await views(context, account, [(await store.find(proposal.id)) ?? proposal]);
      if (!view) throw notFound();
      return view;
    },
  );
}

const touches = (account: Account, { division, belongsTo }: SettledProposal): boolean =>
  seesDivision(account, division) || (belongsTo !== null && seesDivision(account, belongsTo));

const maySettle = (account: Account, { division, belongsTo }: SettledProposal): boolean =>
  SETTLERS.some((role) => role === account.role) &&
  seesDivision(account, division) &&
  (belongsTo === null || seesDivision(account, belongsTo));

async function views(
  { accounts, grid, iso }: ConsoleContext,
  account: Account,
  proposals: readonly SettledProposal[],
): Promise<BoundaryProposalView[]> {
  const ids = [...new Set(proposals.map(({ accountId }) => accountId))];
  const names = new Map(await Promise.all(ids.map(async (id) => [id, (await accounts.find(id))?.name ?? ""] as const)));
  return proposals.map((one) => ({
    ...one,
    at: iso(one.at),
    accountName: names.get(one.accountId) ?? "",
    divisionNames: divisionNames(grid, one.division),
    belongsToNames: one.belongsTo === null ? [] : divisionNames(grid, one.belongsTo),
    maySettle: one.settledAt === null && maySettle(account, one),
    settledAt: nullable(iso)(one.settledAt),
  }));
}

const ofTheLevelAbove = (): HttpProblem =>
  forbidden(
    "division",
    { zh: "这条界线涉及您辖区以外的区划", en: "This boundary concerns a division beyond yours" },
    { zh: "请由管辖双方的上级处理", en: "The level above both settles it" },
  );

const settledAlready = (): HttpProblem =>
  new HttpProblem({
    status: 409,
    name: "settled",
    text: { zh: "这条界线问题已经处理过", en: "This proposal has been settled already" },
    remedy: { zh: "请刷新列表", en: "Load the list again" },
  });
