import { ReadinessView } from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";

export function healthRoutes(app: ConsoleApp, { readiness, metrics }: ConsoleContext): void {
  const open = { public: true } as const;

  app.get(
    "/healthz",
    {
      config: open,
      schema: {
        tags: ["operation"],
        summary: "进程存活 The process is alive",
        response: { 200: z.strictObject({ status: z.literal("ok") }) },
      },
    },
    async () => ({ status: "ok" as const }),
  );

  app.get(
    "/readyz",
    {
      config: open,
      schema: {
        tags: ["operation"],
        summary: "依赖可用 What this needs can be worked with; if not, which, and why",
        response: { 200: ReadinessView, 503: ReadinessView },
      },
    },
    async (_request, reply) => {
      const answer = await readiness.ask();
      return reply.code(answer.ready ? 200 : 503).send(answer);
    },
  );

  if (!metrics) return;
  app.get(
    "/metrics",
    { config: open, schema: { tags: ["operation"], summary: "Prometheus" } },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
