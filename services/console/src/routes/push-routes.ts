import { PushSubscriptionRequest, PushSubscriptionView, PushView } from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { isPushAddress } from "../core/push-address.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { forbidden, HttpProblem, invalid, notFound } from "../http/http-problem.ts";

const tags = ["notifications"];

/** Web Push: an officer's devices. Who is told what is the notifier's to decide. */
export function pushRoutes(app: ConsoleApp, context: ConsoleContext): void {
  const { pushSubscriptions, webPush } = context;

  app.get(
    "/push",
    { schema: { tags, summary: "是否可推送到设备 Whether devices can be told", response: { 200: PushView } } },
    async () => ({ publicKey: webPush?.publicKey ?? null }),
  );

  app.post(
    "/push/subscriptions",
    {
      config: { browserOnly: true },
      schema: {
        tags,
        summary: "在此设备上开启提醒 Tell this device of the account's tickets",
        body: PushSubscriptionRequest,
        response: { 201: PushSubscriptionView },
      },
    },
    async (request, reply) => {
      const account = accountOf(request);
      if (account.officerId === null) throw forbidden("not-an-officer", NOT_AN_OFFICER);
      if (!webPush) throw notConfigured();
      if (!isPushAddress(request.body.endpoint, webPush.hosts)) throw invalid("body.endpoint", NO_PUSH_SERVICE);
      const by = { account: account.id, address: request.ip };
      return reply.code(201).send({ id: await pushSubscriptions.add(account, request.body, by) });
    },
  );

  app.delete(
    "/push/subscriptions/:id",
    {
      config: { browserOnly: true },
      schema: {
        tags,
        summary: "关闭此设备上的提醒 Tell this device no more",
        params: PushSubscriptionView,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const account = accountOf(request);
      const by = { account: account.id, address: request.ip };
      if (!(await pushSubscriptions.remove(account, request.params.id, by))) throw notFound();
      return reply.code(204).send();
    },
  );
}

const NOT_AN_OFFICER = {
  zh: "只有网格员的账号可以开启设备提醒",
  en: "Only an officer's account can have its devices told",
};
const NO_PUSH_SERVICE = {
  zh: "不是本系统允许的推送服务地址",
  en: "This is no address of a push service that this system sends to",
};

const notConfigured = (): HttpProblem =>
  new HttpProblem({
    status: 409,
    name: "push-not-configured",
    text: { zh: "本系统未配置设备推送", en: "This system sends nothing to devices" },
    remedy: {
      zh: "请管理员在通知接收端配置中加入 web-push",
      en: "An administrator adds a web-push receiver to the receivers' file",
    },
  });
