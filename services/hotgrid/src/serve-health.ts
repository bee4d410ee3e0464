import { once } from "node:events";
import { createServer } from "node:http";
import type { Log, Readiness } from "@hotgrid/runtime";

export interface Health {
  readonly readiness: Readiness;
  /** Prometheus' text. */
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
}

/** /healthz: the process turns. /readyz: what it needs can be worked with; 503 names what can't, and why. /metrics.
 *  Returns the port and the function that ends it. */
export async function serveHealth(health: Health, listen: { host: string; port: number }, log: Log) {
  const answers: Readonly<Record<string, () => Promise<Answer>>> = {
    "/healthz": async () => ({ code: 200, type: "application/json", text: '{"status":"ok"}' }),
    "/readyz": () => tellReadiness(health.readiness),
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

async function tellReadiness(readiness: Readiness): Promise<Answer> {
  const answer = await readiness.ask();
  return { code: answer.ready ? 200 : 503, type: "application/json", text: JSON.stringify(answer) };
}
