import { createHmac } from "node:crypto";
import type { OutboundMessage } from "../core/render-message.ts";
import { post } from "./post.ts";

export interface WebhookOptions {
  readonly url: string;
  /** Signs the request; as Standard Webhooks writes it ("whsec_" and Base64) or plain. null: unsigned. */
  readonly secret: string | null;
  /** Of the CloudEvents, e.g. /hotgrid/3306. */
  readonly source: string;
  readonly timeoutMs: number;
  /** The wall's time, epoch ms. */
  readonly wall: () => number;
}

/** Any HTTP endpoint: CloudEvents 1.0 in structured mode, signed after Standard Webhooks (webhook-id, -timestamp,
 *  -signature), for which libraries in every language verify. A second copy has the same id. */
export function webhook({ url, secret, source, timeoutMs, wall }: WebhookOptions) {
  return async (message: OutboundMessage): Promise<string> => {
    const body = JSON.stringify(cloudEvent(message, source));
    const headers = {
      "content-type": "application/cloudevents+json; charset=utf-8",
      ...(secret === null ? {} : signature(secret, message.id, Math.floor(wall() / 1000), body)),
    };
    await post({ url, headers, body, timeoutMs });
    return "2xx";
  };
}

/** github.com/cloudevents/spec, v1.0.2, JSON format. */
function cloudEvent({ id, at, title, lines, news }: OutboundMessage, source: string) {
  return {
    specversion: "1.0",
    id,
    source,
    type: "hotgrid.notification.v1",
    ...(news.length === 1 && { subject: news[0]?.subject.id }),
    time: new Date(at).toISOString(),
    datacontenttype: "application/json",
    data: { title, lines, news: news.map(newsData) },
  };
}

const newsData = ({ id, step, at, subject, due, by, note }: OutboundMessage["news"][number]) => ({
  id,
  step,
  at: new Date(at).toISOString(),
  subject,
  due: due && { kind: due.kind, at: new Date(due.at).toISOString() },
  by,
  note,
});

/** github.com/standard-webhooks/standard-webhooks, spec: v1 is HMAC-SHA256 over id "." timestamp "." body. */
function signature(secret: string, id: string, timestamp: number, body: string): Record<string, string> {
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : Buffer.from(secret);
  const sign = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": `v1,${sign}` };
}
