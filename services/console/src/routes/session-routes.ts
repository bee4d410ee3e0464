import { type Account, LoginRequest, SessionView } from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { sessionOf } from "../http/guard-requests.ts";
import { HttpProblem } from "../http/http-problem.ts";

export function sessionRoutes(app: ConsoleApp, context: ConsoleContext): void {
  const { accounts, cookie, hub, limits, log } = context;
  const loginRate = { max: limits.loginsPerMinute, timeWindow: "1 minute" };

  app.post(
    "/session",
    {
      config: { public: true, rateLimit: loginRate },
      schema: { tags: ["session"], summary: "登录 Log in", body: LoginRequest, response: { 201: SessionView } },
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
      const before = await cookie.session(request);
      await cookie.begin(request, reply, verdict.account.id);
      if (before) hub.endSession(before.token);
      return reply.code(201).send(view(verdict.account, context));
    },
  );

  app.get(
    "/session",
    { schema: { tags: ["session"], summary: "当前登录 Who is logged in", response: { 200: SessionView } } },
    async (request) => view(sessionOf(request).account, context),
  );

  app.delete(
    "/session",
    {
      config: { browserOnly: true },
      schema: { tags: ["session"], summary: "退出登录 Log out", response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      const session = sessionOf(request);
      await cookie.end(session, request.ip, reply);
      hub.endSession(session.token);
      return reply.code(204).send();
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

function view(account: Account, { grid, city, mode, tileUrl }: ConsoleContext): SessionView {
  return {
    account,
    divisionName: grid.divisions.get(account.division)?.name ?? account.division,
    mode,
    cityName: city.name,
    utcOffset: city.utcOffset,
    tileUrl,
  };
}
