import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { placeSecretFile } from "@hotgrid/runtime";
import webPush from "web-push";
import { z } from "zod";

const WebPushKeys = z.strictObject({ publicKey: z.string().length(87), privateKey: z.string().length(43) });
/** Of the system's messages to devices (VAPID, RFC 8292), base64url. Who has the private one can speak as this system;
 *  with another pair every device has to be subscribed anew. */
export type WebPushKeys = z.infer<typeof WebPushKeys>;

/** Reads the keys, or makes them where there are none, for their owner's eyes only. Throws an Error where the file holds
 *  something else. */
export async function openWebPushKeys(file: string): Promise<WebPushKeys> {
  if (!existsSync(file)) await placeSecretFile(file, JSON.stringify(webPush.generateVAPIDKeys()));
  const keys = WebPushKeys.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!keys.success) throw new Error(`${file} holds no keys for Web Push: restore it, or remove it to make new ones`);
  return keys.data;
}
