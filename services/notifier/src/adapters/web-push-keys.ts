import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import webPush from "web-push";
import { z } from "zod";

const WebPushKeys = z.strictObject({ publicKey: z.string().length(87), privateKey: z.string().length(43) });
/** Of the system's messages to devices (VAPID, RFC 8292), base64url. Who has the private one can speak as this system;
 *  with another pair every device has to be subscribed anew. */
export type WebPushKeys = z.infer<typeof WebPushKeys>;

/** Reads the keys, or makes them where there are none, for their owner's eyes only. Throws an Error where the file holds
 *  something else. */
export async function openWebPushKeys(file: string): Promise<WebPushKeys> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) await makeKeys(file);
  const keys = WebPushKeys.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!keys.success) throw new Error(`${file} holds no keys for Web Push: restore it, or remove it to make new ones`);
  return keys.data;
}

/** Whole or not at all; of two that start at the same time, the second one's pair is thrown away. */
async function makeKeys(file: string): Promise<void> {
  const whole = `${file}.${randomUUID()}`;
  await writeFile(whole, JSON.stringify(webPush.generateVAPIDKeys()), { mode: 0o600, flush: true });
  try {
    await link(whole, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await unlink(whole);
  }
}
