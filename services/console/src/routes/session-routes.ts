import {
  type Account,
  LoginOptionsView,
  LoginRequest,
  LogoutElsewhere,
  SecondFactorRequest,
  SessionView,
  UnfinishedLogin,
} from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { sessionOf } from "../http/guard-requests.ts";
import { HttpProblem } from "../http/http-problem.ts";

export function sessionRoutes(app: ConsoleApp, context: ConsoleContext): void {
  optionsRoute(app, context);
  loginRoute(app, context);
  secondFactorRoute(app, context);
  currentRoute(app, context);
  logoutRoute(app, context);
}

const tags = ["session"];
const perMinute = (max: number) => ({ max, timeWindow: "1 minute" });

function optionsRoute(app: ConsoleApp, { singleSignOn }: ConsoleContext): void {
  app.get(
    "/session/options",
    {
      config: { public: true },
      schema: { tags, summary: "登录方式 How one may log in", response: { 200: LoginOptionsView } },
    },
    async () => ({ singleSignOn: singleSignOn?.label ?? null }),
  );
}

function loginRoute(app: ConsoleApp, context: ConsoleContext): void {
  const { accounts, cookie, hub, limits, log } = context;
  app.post(
    "/session",
    {
      config: { public: true, rateLimit: perMinute(limits.loginsPerMinute) },
      schema: {
        tags,
        summary: "登录 Log in; 202: a second factor is needed",
        body: LoginRequest,
        response: { 201: SessionView, 202: UnfinishedLogin },
      },
    },
    async (request, reply) => {
      const { username, password } = request.body;
      const verdict = await accounts.verify(username, password, request.ip);
      if (verdict.outcome !== "ok") {
        // The name only where it is one: people type their password into the wrong field.
        const account = verdict.outcome === "unknown-account" ? undefined : username;
        log.info({ account, address: request.ip, outcome: verdict.outcome }, "login refused");
        throw refused();
      }
      const { account, stage } = verdict;
      const before = await cookie.session(request);
      await cookie.begin(request, reply, account.id, { stage, origin: "password" });
      if (before) hub.endSession(before.token);
      return stage === "full" ? reply.code(201).send(view(account, context)) : reply.code(202).send({ next: stage });
    },
  );
}

function secondFactorRoute(app: ConsoleApp, context: ConsoleContext): void {
  const { cookie, limits, log, totp } = context;
  app.post(
    "/session/second-factor",
    {
      config: { browserOnly: true, stages: ["second-factor"], rateLimit: perMinute(limits.loginsPerMinute) },
      schema: {
        tags,
        summary: "登录第二步:动态口令或恢复码 The login's second step: a one-time or a recovery code",
        body: SecondFactorRequest,
        response: { 201: SessionView },
      },
    },
    async (request, reply) => {
      const { account, origin } = sessionOf(request);
      const verdict = await totp.check(account, request.body.code, "login", request.ip);
      if (verdict !== "app" && verdict !== "recovery-code") {
        log.info({ account: account.id, address: request.ip, outcome: verdict }, "second factor refused");
        throw codeRefused();
      }
      await cookie.begin(request, reply, account.id, { stage: "full", origin });
      return reply.code(201).send(view(account, context));
    },
  );
}

function currentRoute(app: ConsoleApp, context: ConsoleContext): void {
  app.get(
    "/session",
    {
      config: { withoutGrant: true },
      schema: { tags, summary: "当前登录 Who is logged in", response: { 200: SessionView } },
    },
    async (request) => view(sessionOf(request).account, context),
  );
}

function logoutRoute(app: ConsoleApp, { cookie, hub, log, singleSignOn }: ConsoleContext): void {
  app.delete(
    "/session",
    {
      config: { browserOnly: true, withoutGrant: true, stages: ["second-factor", "enrolment", "full"] },
      schema: {
        tags,
        summary: "退出登录 Log out; 200: the single sign-on's own session is to be ended next",
        response: { 200: LogoutElsewhere, 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request);
      await cookie.end(session, request.ip, reply);
      hub.endSession(session.token);
      if (session.origin !== "oidc" || singleSignOn === null) return reply.code(204).send();
      const next = await singleSignOn.logoutUrl().catch((error: unknown) => {
        // Ours has ended all the same.
        log.warn({ err: error }, "the single sign-on's logout is not known");
        return null;
      });
      return next === null ? reply.code(204).send() : reply.code(200).send({ next });
    },
  );
}

/** One answer for every reason: it must not tell which accounts exist, or that one is locked. */
const refused = (): HttpProblem =>
  new HttpProblem({
    status: 401,
    name: "login-refused",
    text: {
      zh: "账号或密码不正确,或该账号暂时不能登录",
      en: "The account or the password is wrong, or the account can't log in at the moment",
    },
    remedy: {
      zh: "请核对后重试;多次失败后请等待十五分钟,或联系管理员",
      en: "Check both and try again; after several failures wait fifteen minutes or ask an administrator",
    },
  });

/** 403, not 401: the unfinished login is there and stays. */
const codeRefused = (): HttpProblem =>
  new HttpProblem({
    status: 403,
    name: "second-factor-refused",
    text: {
      zh: "动态口令不正确、已使用过,或暂时不能验证",
      en: "The code is wrong, was used before, or can't be checked at the moment",
    },
    remedy: {
      zh: "请等下一个口令再试,并核对手机时间;也可输入一个恢复码;多次失败后请等待十五分钟",
      en: "Wait for the next code and check the phone's time, or enter a recovery code; after several failures wait fifteen minutes",
    },
  });

function view(account: Account, { clock, demo, grid, city, iso, mode, tileUrl }: ConsoleContext): SessionView {
  return {
    account,
    divisionName: grid.divisions.get(account.division)?.name ?? account.division,
    mode,
    clock: demo && { now: iso(clock.now()), clock: demo.clock() },
    cityName: city.name,
    utcOffset: city.utcOffset,
    tileUrl,
  };
}
