import { once } from "node:events";
import { createServer } from "node:http";
import type { Log } from "@hotgrid/runtime";

export interface Health {
  /** What the service can't work without, each by a question that throws where it does not answer. */
  readonly needs: Readonly<Record<string, () => Promise<unknown>>>;
  /** Prometheus' text. */
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
}

/** Longest time that a need may take to answer, ms. Ours: a probe waits no longer. */
const ANSWER_MS = 3000;

/** /healthz: the process turns. /readyz: what it needs answers; 503 names what does not. /metrics.
 *  Returns the port and the function that ends it. */
export async function serveHealth(health: Health, listen: { host: string; port: number }, log: Log) {
  const answers: Readonly<Record<string, () => Promise<Answer>>> = {
    "/healthz": async () => ({ code: 200, type: "application/json", text: '{"status":"ok"}' }),
    "/readyz": () => readiness(health.needs),
    "/metrics": async () => ({ code: 200, type: health.metrics.contentType, text: await health.metrics.metrics() }),
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ""];
    if (!answer) {
      response.writeHead(404).end();
      return;
    }
    answer().then(
      ({ code, type, text }) => response.writeHead(code, { "content-type": type }).end(text),
      (err: unknown) => {
        log.error({ err, url: request.url }, "health could not be told");
        response.writeHead(500).end();
      },
    );
  }).listen(listen.port, listen.host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("health listens on no TCP port");
  return { port: address.port, close: () => server.close() };
}

interface Answer {
  readonly code: number;
  readonly type: string;
  readonly text: string;
}

async function readiness(needs: Health["needs"]): Promise<Answer> {
  const states = await Promise.all(Object.entries(needs).map(async ([name, ask]) => [name, await state(ask)] as const));
  const ready = states.every(([, state]) => state === "ok");
  const text = JSON.stringify({ ready, checks: Object.fromEntries(states) });
  return { code: ready ? 200 : 503, type: "application/json", text };
}

async function state(ask: () => Promise<unknown>): Promise<"ok" | "unavailable"> {
  const late = Promise.withResolvers<"unavailable">();
  const timer = setTimeout(() => late.resolve("unavailable"), ANSWER_MS);
  const asked = ask().then(
    () => "ok" as const,
    () => "unavailable" as const,
  );
  const state = await Promise.race([asked, late.promise]);
  clearTimeout(timer);
  return state;
}
