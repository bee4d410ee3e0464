import { JetStreamApiError } from "@nats-io/jetstream";
import { z } from "zod";
import { isOfDurable } from "./jetstream-consumer.ts";
import type { Nats } from "./nats-connection.ts";

/** Longest time until the server answers, ms. Ours. */
const ANSWER_MS = 5000;

const Page = z.object({
  error: z.object({ err_code: z.int(), code: z.int(), description: z.string() }).optional(),
  total: z.int().default(0),
  consumers: z.array(z.string()).nullish(),
});

/** Names of the consumers of a durable, one for each subject. The client's own list asks for the state of every consumer
 *  there is, readers included, and the server waits four seconds where one does not answer, each time: chaos runs on
 *  2.9 had such readers after nodes were killed. Names its leader knows by itself. */
export async function consumersOf({ nc }: Nats, stream: string, durable: string): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const question = JSON.stringify({ offset: names.length });
    const answer = await nc.request(`$JS.API.CONSUMER.NAMES.${stream}`, question, { timeout: ANSWER_MS });
    const { error, total, consumers } = Page.parse(answer.json());
    if (error) throw new JetStreamApiError(error);
    names.push(...(consumers ?? []));
    if (names.length >= total || !consumers?.length) return names.filter((name) => isOfDurable(name, durable));
  }
}
