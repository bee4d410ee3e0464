import type { SignOnOutcome } from "@hotgrid/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { SignOnRefused } from "../single-sign-on/sign-on-refused.ts";
import type { SingleSignOn } from "../single-sign-on/single-sign-on.ts";

const tags = ["session"];
const PAGES = { operator: "/", officer: "/officer" } as const;

/** The city's own login, where one is configured. Both addresses are for a browser to go to, not to fetch: whatever
 *  happens, it ends up on our login page, which says what it was. */
export function singleSignOnRoutes(app: ConsoleApp, context: ConsoleContext): void {
  const { singleSignOn } = context;
  if (singleSignOn === null) return;
  startRoute(app, context, singleSignOn);
  callbackRoute(app, context, singleSignOn);
}

function startRoute(app: ConsoleApp, context: ConsoleContext, singleSignOn: SingleSignOn): void {
  const { limits, signOns } = context;
  app.get(
    "/session/oidc",
    {
      config: { public: true, rateLimit: { max: limits.loginsPerMinute, timeWindow: "1 minute" } },
      schema: {
        tags,
        summary: "转到统一身份认证 To the single sign-on's provider",
        querystring: z.strictObject({ page: z.enum(["operator", "officer"]).default("operator") }),
        response: { 303: z.undefined() },
      },
    },
    async (request, reply) => {
      const returnTo = PAGES[request.query.page];
      try {
        const { url, checks } = await singleSignOn.begin();
        const id = await signOns.begin({ ...checks, returnTo });
        reply.setCookie(cookieName(context), id, cookieOf(context));
        return await reply.redirect(url, 303);
      } catch (error) {
        return leave(reply, returnTo, outcomeOf(error, context));
      }
    },
  );
}

function callbackRoute(app: ConsoleApp, context: ConsoleContext, singleSignOn: SingleSignOn): void {
  const { limits, signOns } = context;
  app.get(
    "/session/oidc/callback",
    {
      config: { public: true, rateLimit: { max: limits.loginsPerMinute, timeWindow: "1 minute" } },
      schema: { tags, summary: "从统一身份认证返回 Back from the provider", response: { 303: z.undefined() } },
    },
    async (request, reply) => {
      const id = request.cookies[cookieName(context)];
      reply.clearCookie(cookieName(context), cookieOf(context));
      // Taken before anything is looked at: what comes back comes back once.
      const pending = id === undefined ? undefined : await signOns.take(id);
      if (pending === undefined) return leave(reply, PAGES.operator, "expired");
      const query = request.url.slice(request.url.indexOf("?"));
      try {
        const person = await singleSignOn.finish(query.startsWith("?") ? query : "", pending);
        return leave(reply, pending.returnTo, await logIn(request, reply, person, context));
      } catch (error) {
        return leave(reply, pending.returnTo, outcomeOf(error, context));
      }
    },
  );
}

async function logIn(
  request: FastifyRequest,
  reply: FastifyReply,
  person: Awaited<ReturnType<SingleSignOn["finish"]>>,
  { cookie, hub, log, signOnAccounts, totp }: ConsoleContext,
): Promise<SignOnOutcome> {
  const verdict = await signOnAccounts.admit(person, request.ip);
  if (verdict.outcome !== "ok") {
    log.info({ person: person.id, outcome: verdict.outcome }, "single sign-on refused");
    return verdict.outcome;
  }
  const { account } = verdict;
  // Who has set up one-time codes here is asked for them; that a role needs a second factor is the provider's to see to.
  const stage = (await totp.status(account.id)).enabledAt === null ? "full" : "second-factor";
  const before = await cookie.session(request);
  await cookie.begin(request, reply, account.id, { stage, origin: "oidc" });
  if (before) hub.endSession(before.token);
  return stage === "full" ? "ok" : stage;
}

function outcomeOf(error: unknown, { log }: ConsoleContext): SignOnOutcome {
  if (!(error instanceof SignOnRefused)) throw error;
  log.warn({ err: error, reason: error.reason }, "single sign-on failed");
  return error.reason;
}

const leave = (reply: FastifyReply, page: string, outcome: SignOnOutcome): FastifyReply =>
  reply.header("cache-control", "no-store").redirect(`${page}?login=${outcome}`, 303);

/** Lax, not Strict: the provider's page sends the browser back to us. */
const cookieOf = ({ secure }: ConsoleContext) =>
  ({ path: "/", httpOnly: true, sameSite: "lax", secure, maxAge: 600 }) as const;
const cookieName = ({ secure }: ConsoleContext): string => (secure ? "__Host-hotgrid-sign-on" : "hotgrid-sign-on");
