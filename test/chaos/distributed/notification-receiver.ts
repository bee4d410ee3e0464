import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";
import type { Received } from "./check-history.ts";

/** What the notifier's webhook sends, as far as it is counted: a CloudEvent. */
const Told = z.object({ id: z.string(), data: z.object({ news: z.array(z.object({ id: z.string() })) }) });

/** The other side of the notifier: takes messages over HTTP and remembers each that it said yes to. */
export interface NotificationReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Answers 503 from now on, or no more. */
  refuse(refusing: boolean): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<NotificationReceiver> {
  const received: Received[] = [];
  let refusing = false;
  const answer = async (request: IncomingMessage): Promise<number> => {
    const { id, data } = Told.parse(JSON.parse(await bodyOf(request)));
    if (refusing) return 503;
    received.push({ messageId: id, news: data.news.map((news) => news.id) });
    return 200;
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (status) => response.writeHead(status).end(),
      // The sender was killed in the midst of it, or it is no message of ours: it is not counted.
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("an HTTP server has a port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    received,
    refuse: (yes) => {
      refusing = yes;
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}
