import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/** What answers that are on their way may take when the console closes, ms: half of the ten seconds that a SIGTERM
 *  leaves. */
const DRAIN_MS = 5000;

/** On closing: first the streams, which would never end by themselves, then the answers that are on their way. What is
 *  connected after that is cut (forceCloseConnections): browsers keep connections open that they don't use. */
export function drainOnClose(app: FastifyInstance, endStreams: () => Promise<void>): void {
  const answering = new Set<ServerResponse>();
  app.server.on("request", (_request, response: ServerResponse) => {
    answering.add(response);
    response.once("close", () => answering.delete(response));
  });
  app.addHook("preClose", async () => {
    await endStreams();
    const patience = new AbortController();
    const answered = Promise.all([...answering].map((response) => once(response, "close")));
    await Promise.race([answered, delay(DRAIN_MS, undefined, { signal: patience.signal })]).finally(() =>
      patience.abort(),
    );
  });
}
