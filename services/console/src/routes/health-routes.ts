import { ReadinessView } from "@hotgrid/contracts";
import { sql } from "kysely";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp } from "../http/console-app.ts";

/** What a dependency may take to answer before it counts as away, ms of the wall. Ours. */
const PATIENCE_MS = 2000;

export function healthRoutes(app: ConsoleApp, { bus, database, readings, metrics }: ConsoleContext): void {
  const checks: Readonly<Record<string, () => Promise<unknown>>> = {
    bus: () => bus.info("readings"),
    database: () => sql`select 1`.execute(database),
    readings: () => readings.ping(),
  };
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
        summary: "依赖可用 What this needs is there",
        response: { 200: ReadinessView, 503: ReadinessView },
      },
    },
    async (_request, reply) => {
      const results = await Promise.all(
        Object.entries(checks).map(
          async ([name, check]) => [name, (await answers(check)) ? "ok" : "unavailable"] as const,
        ),
      );
      const ready = results.every(([, state]) => state === "ok");
      return reply.code(ready ? 200 : 503).send({ ready, checks: Object.fromEntries(results) });
    },
  );

  if (!metrics) return;
  app.get(
    "/metrics",
    { config: open, schema: { tags: ["operation"], summary: "Prometheus" } },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

async function answers(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, false);
  });
  try {
    return await Promise.race([check().then(() => true), patience]);
  } catch {
    return false; // why is in the log of whoever needs it; this question is only whether
  } finally {
    clearTimeout(timer);
  }
}
