import { randomBytes } from "node:crypto";
import { type Account, coversDivision, page, SilenceRequest, SilenceView } from "@hotgrid/contracts";
import { Rejected } from "@hotgrid/runtime";
import { type Silence, SilenceStore } from "@hotgrid/store";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { seesDivision } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { HttpProblem, invalid, notFound } from "../http/http-problem.ts";
import { divisionNames } from "../views/division-names.ts";

/** Who answers for a division decides what is not to be heard from it. */
const SILENCERS = ["supervisor", "operator", "administrator"] as const;
const tags = ["notifications"];

export function silenceRoutes(app: ConsoleApp, context: ConsoleContext): void {
  const store = new SilenceStore(context.database);
  listRoute(app, context, store);
  addRoute(app, context, store);
  endRoute(app, context, store);
}

function listRoute(app: ConsoleApp, context: ConsoleContext, store: SilenceStore): void {
  app.get(
    "/silences",
    {
      config: { roles: SILENCERS },
      schema: { tags, summary: "生效中的通知静默 Silences that hold", response: { 200: page(SilenceView) } },
    },
    async (request) => {
      const account = accountOf(request);
      const open = await store.open(context.clock.now());
      const items = open.filter((silence) => concerns(account, silence)).map((one) => viewOf(context, account, one));
      return { items, nextCursor: null };
    },
  );
}

function addRoute(app: ConsoleApp, context: ConsoleContext, store: SilenceStore): void {
  const { clock, grid, stations } = context;
  app.post(
    "/silences",
    {
      config: { roles: SILENCERS },
      schema: {
        tags,
        summary: "静默一个区划的通知 Mute the notifications of a division",
        body: SilenceRequest,
        response: { 201: SilenceView },
      },
    },
    async (request, reply) => {
      const account = accountOf(request);
      const { division, kind, stationId, until, reason } = request.body;
      if (!grid.divisions.has(division) || !seesDivision(account, division)) throw unknown("body.division");
      const station = stationId === null ? undefined : stations.find(stationId)?.station;
      if (stationId !== null && !(station && coversDivision(division, station.division)))
        throw unknown("body.stationId");
      const now = clock.now();
      const id = randomBytes(4).toString("hex");
      const times = { startsAt: now, endsAt: Date.parse(until) };
      const silence = { id, division, kind, stationId, ...times, author: account.name, reason };
      await store.add(silence, now, { account: account.id, address: request.ip }).catch(refuse);
      return reply.code(201).send(viewOf(context, account, silence));
    },
  );
}

function endRoute(app: ConsoleApp, context: ConsoleContext, store: SilenceStore): void {
  app.post(
    "/silences/:id/end",
    {
      config: { roles: SILENCERS },
      schema: {
        tags,
        summary: "提前结束静默 End a silence now",
        params: z.strictObject({ id: z.string().max(64) }),
        body: z.strictObject({}),
        response: { 200: SilenceView },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const silence = await store.find(request.params.id);
      if (!silence || !seesDivision(account, silence.division)) throw notFound();
      const now = context.clock.now();
      if (!(await store.end(silence.id, now, { account: account.id, address: request.ip }))) throw overAlready();
      return { ...viewOf(context, account, { ...silence, endsAt: now }), mayEnd: false };
    },
  );
}

/** Of the account's division, or of one above it: that one mutes the account's tickets too. */
const concerns = (account: Account, { division }: Silence): boolean =>
  seesDivision(account, division) || coversDivision(division, account.division);

const viewOf = ({ grid, iso }: ConsoleContext, account: Account, silence: Silence): SilenceView => ({
  ...silence,
  startsAt: iso(silence.startsAt),
  endsAt: iso(silence.endsAt),
  divisionNames: divisionNames(grid, silence.division),
  mayEnd: seesDivision(account, silence.division),
});

const unknown = (field: string): HttpProblem =>
  invalid(
    field,
    { zh: "不存在，或不在您的辖区内", en: "It does not exist, or is outside your division" },
    { zh: "请选择辖区内的区划或站点", en: "Choose one within your division" },
  );

function refuse(error: unknown): never {
  if (!(error instanceof Rejected)) throw error;
  throw invalid("body.until", { zh: error.messageZh, en: error.message });
}

const overAlready = (): HttpProblem =>
  new HttpProblem({
    status: 409,
    name: "silence-over",
    text: { zh: "这项静默已经结束", en: "This silence is over already" },
  });
