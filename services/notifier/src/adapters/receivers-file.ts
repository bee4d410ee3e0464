import { readFile, stat } from "node:fs/promises";
import { DivisionCode, SecretPlace } from "@hotgrid/contracts";
import { Rejected } from "@hotgrid/runtime";
import { z } from "zod";

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "1 to 40 of a-z 0-9 -"),
  /** News of this division and all below. */
  division: DivisionCode,
  /** Names of the audiences of notification.json. */
  audiences: z.array(z.string()).min(1),
  limit: z
    .strictObject({ messages: z.int().positive().max(1000), perMinutes: z.number().positive().max(1440) })
    .optional(),
  /** Below the 10 s in which a stopping service drains. */
  timeoutSeconds: z.number().positive().max(60).default(8),
};
const allowHttp = z.boolean().default(false);
const robot = { ...common, url: SecretPlace, allowHttp };

/** Chrome and most others on Android and desktops, Firefox, Edge, Safari. From the browsers' own documentation, 2026. */
const PUSH_SERVICES = [
  "fcm.googleapis.com",
  "*.push.services.mozilla.com",
  "*.notify.windows.com",
  "*.push.apple.com",
] as const;

const ReceiverEntry = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("wecom"), ...robot }),
  z.strictObject({ type: z.literal("dingtalk"), ...robot, secret: SecretPlace.optional() }),
  z.strictObject({ type: z.literal("feishu"), ...robot, secret: SecretPlace.optional() }),
  z.strictObject({ type: z.literal("webhook"), ...common, url: z.url(), allowHttp, secret: SecretPlace.optional() }),
  z.strictObject({
    type: z.literal("mail"),
    ...common,
    host: z.string().min(1),
    port: z.int().positive().max(65_535),
    encryption: z.enum(["tls", "starttls", "none"]),
    caFile: z.string().optional(),
    user: z.string().optional(),
    password: SecretPlace.optional(),
    from: z.string().min(3),
    to: z.array(z.email()).min(1).max(50),
  }),
  z.strictObject({
    type: z.literal("web-push"),
    ...common,
    /** Whom the browsers' push services ask when something is wrong with our messages. */
    contact: z.union([z.string().regex(/^mailto:[^@\s]+@[^@\s]+$/), z.url({ protocol: /^https$/ })]),
    /** Push services to which messages may go: the browsers name them, and anybody can be a browser. */
    hosts: z
      .array(z.string().regex(/^(\*\.)?[a-z0-9.-]+(:\d+)?$/))
      .min(1)
      .max(20)
      .default([...PUSH_SERVICES]),
  }),
  z.strictObject({
    type: z.literal("sms"),
    ...common,
    method: z.enum(["POST", "GET", "PUT"]).default("POST"),
    url: z.string().min(1),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.string().default(""),
    goodAnswer: z.string().optional(),
    secrets: z.record(z.string().regex(/^\w+$/), SecretPlace).default({}),
    /** Of UTF-8. 210: three times 70 characters of 3 bytes, one long message of three parts. */
    textLimitBytes: z.int().min(60).max(2000).default(210),
    allowHttp,
  }),
]);
export type ReceiverEntry = z.infer<typeof ReceiverEntry>;

const ReceiversFile = z.strictObject({
  /** Address of the console, for the links in messages. */
  console: z.url().optional(),
  receivers: z
    .array(ReceiverEntry)
    .max(200)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "two receivers have the same id"),
});
export type ReceiversFile = z.infer<typeof ReceiversFile>;

const FILE_LIMIT_BYTES = 1024 * 1024;

/** Reads the file of the receivers. Throws Rejected("bad-receivers") naming every field at fault. */
export async function readReceiversFile(path: string): Promise<ReceiversFile> {
  const { size } = await stat(path);
  if (size > FILE_LIMIT_BYTES) throw bad(`${path}: ${size} bytes, the limit is ${FILE_LIMIT_BYTES}`);
  const result = ReceiversFile.safeParse(parseJson(path, await readFile(path, "utf8")));
  if (!result.success) throw bad(`${path}:\n${z.prettifyError(result.error)}`);
  return result.data;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw bad(`${path}: no JSON: ${error.message}`);
  }
}

export const bad = (what: string): Rejected =>
  new Rejected("bad-receivers", {
    zh: `通知接收端配置有误：${what}`,
    en: `the receivers' configuration is wrong: ${what}`,
  });
