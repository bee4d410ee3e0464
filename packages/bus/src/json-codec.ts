import { Rejected } from "@hotgrid/runtime";
import type { z } from "zod";

export const encodeJson = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Decodes a message of a log. Throws Rejected("undecodable") where it isn't what the schema says. */
export function decodeJson<T extends z.ZodType>(schema: T, data: Uint8Array): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(data));
  } catch (cause) {
    throw new Rejected("undecodable", { zh: "消息不是 UTF-8 JSON", en: "the message is not UTF-8 JSON" }, "", {
      cause,
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  const what = issue?.message ?? "unknown";
  throw new Rejected(
    "undecodable",
    {
      zh: `消息的结构不符：${field || "整条消息"}：${what}`,
      en: `the message has another shape at ${field || "its root"}: ${what}`,
    },
    field,
    { cause: result.error },
  );
}
