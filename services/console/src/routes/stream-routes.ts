import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { sessionOf } from "../http/guard-requests.ts";
import { HttpProblem } from "../http/http-problem.ts";

export function streamRoutes(app: ConsoleApp, { hub, limits, pulse }: ConsoleContext): void {
  app.get(
    "/stream",
    {
      config: { browserOnly: true },
      schema: {
        tags: ["stream"],
        summary: "服务器推送事件 Server-sent events: reading-summary, episode, ticket, station, clock, reset",
        description: "断线后按 Last-Event-ID 续传。 Resumes by Last-Event-ID; after `reset` load the lists again.",
        headers: z.object({ "last-event-id": z.string().max(64).optional() }),
      },
    },
    async (request, reply) => {
      const { account, token } = sessionOf(request);
      const connected = await hub.connect({ account, token, lastEventId: request.headers["last-event-id"] });
      if (!connected) throw tooMany(limits.streamsPerAccount);
      const [client, start] = connected;
      // Before anything that waits: a browser that leaves at once must not stay on the list.
      reply.raw.once("close", () => client.end());
      if (reply.raw.destroyed) client.end();
      await pulse.greet(client, start === "resumed");
      return reply
        .type("text/event-stream; charset=utf-8")
        .headers({ "cache-control": "no-store", "x-accel-buffering": "no" })
        .send(client.body);
    },
  );
}

const tooMany = (most: number): HttpProblem =>
  new HttpProblem({
    status: 429,
    name: "too-many-streams",
    text: { zh: `该账号已打开 ${most} 个实时连接`, en: `This account has ${most} live connections already` },
    remedy: { zh: "请关闭不用的页面", en: "Close the pages that you don't need" },
  });
