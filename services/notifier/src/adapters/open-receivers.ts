import { readFile } from "node:fs/promises";
import { readSecret } from "@hotgrid/runtime";
import type { Receiver } from "../ports.ts";
import { devicePush } from "./device-push.ts";
import { dingtalkRobot } from "./dingtalk-robot.ts";
import { feishuRobot } from "./feishu-robot.ts";
import { mailbox } from "./mailbox.ts";
import { bad, type ReceiverEntry, readReceiversFile } from "./receivers-file.ts";
import { smsGateway } from "./sms-gateway.ts";
import { openWebPushKeys } from "./web-push-keys.ts";
import { webhook } from "./webhook.ts";
import { wecomRobot } from "./wecom-robot.ts";

export interface Receivers {
  /** Address of the console without a slash at its end; null: messages have no link. */
  readonly console: string | null;
  readonly receivers: readonly Receiver[];
}

export interface OpenReceiversOptions {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  /** Of the CloudEvents, e.g. /hotgrid/3306. */
  readonly source: string;
  /** The wall's time, epoch ms. Signatures carry it, whatever a demo's clock says. */
  readonly wall: () => number;
  /** File of the keys for Web Push, made where it is not there; needed by receivers of that type only. */
  readonly pushKeys?: string;
}

/** Reads the receivers' configuration and its secrets. Throws Rejected("bad-receivers"). */
export async function openReceivers(options: OpenReceiversOptions): Promise<Receivers> {
  const file = await readReceiversFile(options.file);
  const receivers: Receiver[] = [];
  for (const entry of file.receivers) receivers.push(await openReceiver(entry, options));
  return { console: file.console?.replace(/\/+$/, "") ?? null, receivers };
}

const REACHES: Readonly<Partial<Record<ReceiverEntry["type"], Receiver["reaches"]>>> = {
  sms: "phone",
  "web-push": "device",
};

async function openReceiver(entry: ReceiverEntry, options: OpenReceiversOptions): Promise<Receiver> {
  const { id, division, audiences, limit = null } = entry;
  const reaches = REACHES[entry.type] ?? "place";
  const knowsTwins = entry.type === "webhook" || entry.type === "web-push";
  const facts = { id, division, audiences, limit, reaches, knowsTwins };
  return { ...facts, close: () => undefined, ...(await adapterOf(entry, options)) };
}

async function adapterOf(
  entry: ReceiverEntry,
  { env, source, wall, pushKeys }: OpenReceiversOptions,
): Promise<Pick<Receiver, "send"> & Partial<Pick<Receiver, "close">>> {
  const timeoutMs = entry.timeoutSeconds * 1000;
  switch (entry.type) {
    case "wecom":
      return { send: wecomRobot({ url: await robotUrl(entry, env), timeoutMs }) };
    case "dingtalk":
    case "feishu": {
      const secret = entry.secret === undefined ? null : await readSecret(entry.secret, env);
      const robot = entry.type === "feishu" ? feishuRobot : dingtalkRobot;
      return { send: robot({ url: await robotUrl(entry, env), secret, timeoutMs, wall }) };
    }
    case "webhook": {
      const secret = entry.secret === undefined ? null : await readSecret(entry.secret, env);
      return { send: webhook({ url: checkedUrl(entry.url, entry), secret, source, timeoutMs, wall }) };
    }
    case "sms":
      return { send: await openSms(entry, env, timeoutMs) };
    case "web-push": {
      if (pushKeys === undefined) throw bad(`${entry.id}: there is no place for the keys of Web Push`);
      return { send: devicePush({ keys: await openWebPushKeys(pushKeys), contact: entry.contact, timeoutMs }) };
    }
    case "mail":
      return openMail(entry, env, timeoutMs);
  }
}

/** What browsers have to know to subscribe, and where they may: of the receivers of type web-push; null where there is
 *  none. Throws as `openReceivers`. */
export async function readWebPush(
  file: string,
  pushKeys: string,
): Promise<{ readonly publicKey: string; readonly hosts: readonly string[] } | null> {
  const { receivers } = await readReceiversFile(file);
  const hosts = receivers.flatMap((entry) => (entry.type === "web-push" ? entry.hosts : []));
  return hosts.length === 0 ? null : { publicKey: (await openWebPushKeys(pushKeys)).publicKey, hosts };
}

async function openSms(entry: Extract<ReceiverEntry, { type: "sms" }>, env: NodeJS.ProcessEnv, timeoutMs: number) {
  const { method, headers, body, textLimitBytes, goodAnswer = null } = entry;
  checkedUrl(entry.url.replaceAll(/\{\{\w+\}\}/g, "x"), entry);
  // What is filled in must not decide where the message goes.
  if (/\{\{/.test(entry.url.split("/").slice(0, 3).join("/"))) throw bad(`${entry.id}: the host of url is fixed`);
  const secrets: Record<string, string> = {};
  for (const [name, secret] of Object.entries(entry.secrets)) secrets[name] = await readSecret(secret, env);
  return smsGateway({
    template: { method, url: entry.url, headers, body, goodAnswer },
    secrets,
    textLimitBytes,
    timeoutMs,
  });
}

async function openMail(entry: Extract<ReceiverEntry, { type: "mail" }>, env: NodeJS.ProcessEnv, timeoutMs: number) {
  const { host, port, encryption, caFile, user, password, from, to } = entry;
  if ((user === undefined) !== (password === undefined)) throw bad(`${entry.id}: user and password go together`);
  if (user !== undefined && encryption === "none") throw bad(`${entry.id}: a password needs tls or starttls`);
  const login =
    user === undefined || password === undefined ? null : { user, password: await readSecret(password, env) };
  const ca = caFile === undefined ? null : await readFile(caFile, "utf8");
  return mailbox({ host, port, encryption, ca, login, from, to, timeoutMs });
}

const robotUrl = async (
  entry: Extract<ReceiverEntry, { type: "wecom" | "dingtalk" | "feishu" }>,
  env: NodeJS.ProcessEnv,
) => checkedUrl(await readSecret(entry.url, env), entry);

/** Throws without showing the address, which may be the secret. */
function checkedUrl(url: string, { id, allowHttp }: { readonly id: string; readonly allowHttp: boolean }): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : "none";
  if (protocol === "https:" || (protocol === "http:" && allowHttp)) return url;
  throw bad(`${id}: url has to be https (or http with "allowHttp": true)`);
}
