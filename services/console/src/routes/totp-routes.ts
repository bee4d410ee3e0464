import {
  type Account,
  RecoveryCodes,
  TotpBeginRequest,
  TotpConfirmRequest,
  TotpDisableRequest,
  TotpEnrolment,
  TotpView,
} from "@hotgrid/contracts";
import { Rejected } from "@hotgrid/runtime";
import { totpUri } from "@hotgrid/store";
import { renderSVG } from "uqr";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf, sessionOf } from "../http/guard-requests.ts";
import { forbidden, HttpProblem, notLoggedIn } from "../http/http-problem.ts";

const tags = ["session"];

/** An account's own second factor: a login's business, for no API token. */
export function totpRoutes(app: ConsoleApp, context: ConsoleContext): void {
  statusRoute(app, context);
  beginRoute(app, context);
  confirmRoute(app, context);
  disableRoute(app, context);
}

function statusRoute(app: ConsoleApp, { iso, requireTotp, totp }: ConsoleContext): void {
  app.get(
    "/account/totp",
    {
      config: { browserOnly: true, stages: ["enrolment", "full"] },
      schema: { tags, summary: "动态口令状态 Whether one-time codes are on", response: { 200: TotpView } },
    },
    async (request) => {
      const { id, role } = accountOf(request);
      const { enabledAt, recoveryCodesLeft } = await totp.status(id);
      const required = requireTotp.includes(role);
      return { enabledAt: enabledAt === null ? null : iso(enabledAt), recoveryCodesLeft, required };
    },
  );
}

function beginRoute(app: ConsoleApp, context: ConsoleContext): void {
  const { accounts, city, limits, totp } = context;
  app.post(
    "/account/totp",
    {
      config: { browserOnly: true, stages: ["enrolment", "full"], rateLimit: perMinute(limits.loginsPerMinute) },
      schema: {
        tags,
        summary: "开始绑定动态口令 Begin the enrolment of an authenticator app",
        body: TotpBeginRequest,
        response: { 201: TotpEnrolment },
      },
    },
    async (request, reply) => {
      const { account, stage } = sessionOf(request);
      const { password } = request.body;
      if (stage === "full" && !(await accounts.confirmPassword(account.id, password ?? "", request.ip)))
        throw notConfirmed("body.password");
      const secret = await totp.begin(account.id).catch(refuse);
      const uri = totpUri(`热点网格 ${city.name}`, account.id, secret);
      return reply
        .code(201)
        .header("cache-control", "no-store")
        .send({ uri, secret, qr: renderSVG(uri) });
    },
  );
}

function confirmRoute(app: ConsoleApp, { cookie, hub, limits, sessions, totp }: ConsoleContext): void {
  app.post(
    "/account/totp/confirm",
    {
      config: { browserOnly: true, stages: ["enrolment", "full"], rateLimit: perMinute(limits.loginsPerMinute) },
      schema: {
        tags,
        summary: "输入一次口令完成绑定 Finish the enrolment with a code",
        body: TotpConfirmRequest,
        response: { 200: RecoveryCodes },
      },
    },
    async (request, reply) => {
      const { account, origin, token } = sessionOf(request);
      const recoveryCodes = await totp.confirm(account, request.body.code, actorOf(account, request.ip)).catch(refuse);
      // What was begun without the second factor, wherever it was, ends with it; this login goes on under a new token.
      await sessions.revokeAll(account.id);
      hub.endSession(token);
      await cookie.begin(request, reply, account.id, { stage: "full", origin });
      return reply.header("cache-control", "no-store").send({ recoveryCodes: [...recoveryCodes] });
    },
  );
}

function disableRoute(app: ConsoleApp, context: ConsoleContext): void {
  const { accounts, cookie, hub, limits, requireTotp, totp } = context;
  app.post(
    "/account/totp/disable",
    {
      config: { browserOnly: true, rateLimit: perMinute(limits.loginsPerMinute) },
      schema: {
        tags,
        summary: "停用动态口令(需密码与口令) Turn one-time codes off, with password and code",
        body: TotpDisableRequest,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { account, origin, token } = sessionOf(request);
      if (requireTotp.includes(account.role)) throw required();
      const { password, code } = request.body;
      if (!(await accounts.confirmPassword(account.id, password, request.ip))) throw notConfirmed("body.password");
      const verdict = await totp.check(account, code, "confirmation", request.ip);
      if (verdict !== "app" && verdict !== "recovery-code") throw notConfirmed("body.code");
      await totp.remove(account, actorOf(account, request.ip), "totp-disabled").catch(refuse);
      hub.endSession(token);
      await cookie.begin(request, reply, account.id, { stage: "full", origin });
      return reply.code(204).send();
    },
  );
}

const perMinute = (max: number) => ({ max, timeWindow: "1 minute" });
const actorOf = ({ id }: Account, address: string) => ({ account: id, address });

/** 403, not 401: the session is there and stays. */
const notConfirmed = (field: string): HttpProblem =>
  new HttpProblem({
    status: 403,
    name: "not-confirmed",
    field,
    text: {
      zh: "密码或动态口令不正确,或暂时不能验证",
      en: "The password or the code is wrong, or can't be checked at the moment",
    },
    remedy: {
      zh: "请核对后重试;多次失败后请等待十五分钟",
      en: "Check it and try again; after several failures wait fifteen minutes",
    },
  });

const required = (): HttpProblem =>
  forbidden(
    "totp-required",
    { zh: "您的角色必须使用动态口令", en: "Your role may not do without one-time codes" },
    { zh: "更换手机请联系管理员重置", en: "For a new phone ask an administrator for a reset" },
  );

function refuse(error: unknown): never {
  if (!(error instanceof Rejected) || error.reason === "totp-unreadable") throw error;
  const text = { zh: error.messageZh, en: error.message };
  // An account that is gone meanwhile has no session any more either.
  if (error.reason === "not-enabled") throw notLoggedIn();
  if (error.reason === "wrong-code")
    throw new HttpProblem({ status: 422, name: "wrong-code", field: "body.code", text });
  throw new HttpProblem({ status: 409, name: error.reason, text });
}
