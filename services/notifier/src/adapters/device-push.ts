import type { PushPayload } from "@hotgrid/contracts";
import { type Database, findDevice, forgetDevice } from "@hotgrid/store";
import type { Kysely } from "kysely";
import webPush from "web-push";
import { fitText } from "../core/fit-text.ts";
import type { OutboundMessage } from "../core/render-message.ts";
import { AddressGone } from "../ports.ts";
import { post, Refused } from "./post.ts";
import type { WebPushKeys } from "./web-push-keys.ts";

export interface DevicePushOptions {
  readonly keys: WebPushKeys;
  /** Whom a push service asks when something is wrong: mailto: or https: (RFC 8292 2.1). */
  readonly contact: string;
  readonly timeoutMs: number;
}

/** How long a push service keeps a message for a phone that is off, s. Ours: as long as the news is news. */
const TIME_TO_LIVE_S = 4 * 3600;
/** Of UTF-8. Push services take 4096 bytes of ciphertext at least (RFC 8030 7.2); a lock screen shows far less. */
const TEXT_LIMIT_BYTES = 600;
/** RFC 8030 7.3, and what push services in use answer for a device that has gone. */
const GONE = [404, 410];

/** Web Push (RFC 8030) to one device a message, encrypted for it alone (RFC 8291), signed with our key (RFC 8292). A
 *  device that its push service no longer knows is forgotten. */
export function devicePush({ keys, contact, timeoutMs }: DevicePushOptions) {
  return async (message: OutboundMessage, database: Kysely<Database>): Promise<string> => {
    const device = await findDevice(database, message.address);
    if (device === undefined) throw gone("the device was taken off");
    const { endpoint, headers, body } = webPush.generateRequestDetails(device, JSON.stringify(payloadOf(message)), {
      vapidDetails: { subject: contact, ...keys },
      contentEncoding: "aes128gcm",
      TTL: TIME_TO_LIVE_S,
      urgency: message.news.some(({ subject }) => subject.severity === "red") ? "high" : "normal",
      topic: message.id,
    });
    // fetch writes the length itself.
    const { "Content-Length": _length, ...rest } = headers;
    const sent = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
    try {
      await post({ url: endpoint, headers: sent, body: Uint8Array.from(body ?? []), timeoutMs });
      return "2xx";
    } catch (error) {
      if (!(error instanceof Refused) || !GONE.includes(error.status)) throw error;
      await forgetDevice(database, message.address);
      throw gone(`its push service knows the device no more: HTTP ${error.status}`);
    }
  };
}

const gone = (what: string): AddressGone => new AddressGone({ zh: `设备已失效：${what}`, en: what });

function payloadOf({ id, title, lines, news }: OutboundMessage): PushPayload {
  // The notification itself is the link.
  const told = lines.filter((line) => !/^https?:/.test(line));
  const [first = title, ...rest] = fitText({ title, lines: told }, TEXT_LIMIT_BYTES).split("\n");
  const [only] = news;
  const one = news.length === 1 && only !== undefined && only.subject.state !== null ? only : null;
  const path = one === null ? "/officer" : `/officer#/tickets/${encodeURIComponent(one.subject.id)}`;
  return { id, title: first, body: rest.join("\n"), path };
}
