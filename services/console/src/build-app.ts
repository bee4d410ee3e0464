import Fastify from "fastify";
import { validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { ConsoleContext } from "./console-context.ts";
import { answerErrors } from "./http/answer-errors.ts";
import { checkedJson } from "./http/checked-json.ts";
import type { ConsoleApp } from "./http/console-app.ts";
import { drainOnClose } from "./http/drain-on-close.ts";
import { guardRequests, type RouteEntry } from "./http/guard-requests.ts";
import { describeApi } from "./http/openapi.ts";
import { secureApp } from "./http/secure-app.ts";
import { staticPages } from "./http/static-pages.ts";
import { tellAnswers } from "./http/tell-answers.ts";
import { alarmFloodRoute } from "./routes/alarm-flood-route.ts";
import { auditRoutes } from "./routes/audit-routes.ts";
import { auditVerificationRoute } from "./routes/audit-verification-route.ts";
import { boundaryProposalRoutes } from "./routes/boundary-proposal-routes.ts";
import { cellRoutes } from "./routes/cell-routes.ts";
import { coverageRoutes } from "./routes/coverage-routes.ts";
import { deadLetterRoutes } from "./routes/dead-letter-routes.ts";
import { demoRoutes } from "./routes/demo-routes.ts";
import { divisionRoutes } from "./routes/division-routes.ts";
import { dutyRoutes } from "./routes/duty-routes.ts";
import { episodeRoutes } from "./routes/episode-routes.ts";
import { evidenceRoutes } from "./routes/evidence-routes.ts";
import { falseAlarmRoute } from "./routes/false-alarm-route.ts";
import { healthRoutes } from "./routes/health-routes.ts";
import { inspectionRoutes } from "./routes/inspection-routes.ts";
import { notificationRoutes } from "./routes/notification-routes.ts";
import { officerRoutes } from "./routes/officer-routes.ts";
import { pushRoutes } from "./routes/push-routes.ts";
import { rankingRoutes } from "./routes/ranking-routes.ts";
import { readingRoutes } from "./routes/reading-routes.ts";
import { sessionRoutes } from "./routes/session-routes.ts";
import { silenceRoutes } from "./routes/silence-routes.ts";
import { singleSignOnRoutes } from "./routes/single-sign-on-routes.ts";
import { stationRoutes } from "./routes/station-routes.ts";
import { streamRoutes } from "./routes/stream-routes.ts";
import { ticketCommandRoutes } from "./routes/ticket-command-routes.ts";
import { ticketRoutes } from "./routes/ticket-routes.ts";
import { totpRoutes } from "./routes/totp-routes.ts";

const API_BASE = "/api/v1";
/** Bodies of this interface are short notes. Ours. */
const LARGEST_BODY_BYTES = 64 * 1024;
/** A request has to be here within this time, ms: a client that sends a byte a minute holds no connection for long; a photo of
 *  20 MB has to get through a village's 2 Mbit/s. Ours. */
const REQUEST_TIMEOUT_MS = 120_000;

const API_ROUTES = [
  sessionRoutes,
  totpRoutes,
  singleSignOnRoutes,
  stationRoutes,
  readingRoutes,
  rankingRoutes,
  divisionRoutes,
  officerRoutes,
  cellRoutes,
  episodeRoutes,
  ticketRoutes,
  ticketCommandRoutes,
  inspectionRoutes,
  alarmFloodRoute,
  falseAlarmRoute,
  evidenceRoutes,
  dutyRoutes,
  coverageRoutes,
  boundaryProposalRoutes,
  silenceRoutes,
  notificationRoutes,
  deadLetterRoutes,
  auditRoutes,
  auditVerificationRoute,
  pushRoutes,
  demoRoutes,
  streamRoutes,
  healthRoutes,
];

/** The whole HTTP interface, not yet listening, and the table of its routes. */
export async function buildApp(
  context: ConsoleContext,
): Promise<{ readonly app: ConsoleApp; readonly routes: readonly RouteEntry[] }> {
  const app = Fastify({
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: context.trustedProxies ?? false,
    forceCloseConnections: true,
    // A HEAD of the stream would open one.
    exposeHeadRoutes: false,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(checkedJson);
  answerErrors(app, context.log);
  if (context.onAnswer) tellAnswers(app, context.onAnswer);
  await secureApp(app, { ...context, ...context.limits });
  const routes = guardRequests(app, context);
  await describeApi(app);

  await app.register(
    (api: ConsoleApp, _options, done) => {
      for (const routes of API_ROUTES) routes(api, context);
      api.get("/openapi.json", { config: { public: true }, schema: { hide: true } }, async () => app.swagger());
      done();
    },
    { prefix: API_BASE },
  );
  if (context.webRoot !== null) await staticPages(app, context.webRoot);
  drainOnClose(app, () => context.hub.close());
  await app.ready();
  return { app, routes };
}
