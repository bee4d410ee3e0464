import { randomUUID } from "node:crypto";
import { type DeadLetter, type DeadLetterReason, deadLetterSubject, RAW_LIMIT_BYTES } from "@hotgrid/contracts";
import { encodeJson } from "./json-codec.ts";
import type { Entry } from "./port.ts";

export interface Refusal {
  /** Four-digit city code. */
  readonly city: string;
  /** Epoch ms. */
  readonly at: number;
  readonly reason: DeadLetterReason;
  readonly message: { readonly zh: string; readonly en: string };
  readonly field: string;
  readonly source: DeadLetter["source"];
  /** The message as it came, or its head where it is larger than was read. */
  readonly raw: Uint8Array;
  /** Full length in bytes where `raw` is only the head. */
  readonly rawBytes?: number;
  /** Gives the same refusal of the same message the same identity, so that a repeat is kept once. */
  readonly id?: string;
}

/** The entry of the DEADLETTERS log for a refused message. */
export function deadLetterEntry(refusal: Refusal): Entry {
  const { city, at, reason, message, field, source, raw } = refusal;
  const letter: DeadLetter = {
    id: refusal.id ?? randomUUID(),
    at,
    reason,
    message,
    field,
    source,
    raw: Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, RAW_LIMIT_BYTES)).toString("base64"),
    rawBytes: refusal.rawBytes ?? raw.byteLength,
  };
  return { subject: deadLetterSubject(city), data: encodeJson(letter), messageId: letter.id };
}

/** The city of a log's subject: its last token. */
export const cityOfSubject = (subject: string): string => subject.slice(subject.lastIndexOf(".") + 1);

/** The entry for a message of a log that a consumer failed on too often. */
export function givenUpEntry(given: {
  readonly stream: string;
  readonly durable: string;
  readonly subject: string;
  readonly seq: number;
  readonly data: Uint8Array;
  readonly attempts: number;
  readonly at: number;
}): Entry {
  const { stream, durable, subject, seq, data, attempts, at } = given;
  return deadLetterEntry({
    id: `max-deliveries/${stream}/${durable}/${seq}`,
    city: cityOfSubject(subject),
    at,
    reason: "max-deliveries",
    message: {
      zh: `“${durable}”处理此消息 ${attempts} 次均未成功；排除原因后可重放`,
      en: `"${durable}" failed on this message ${attempts} times; replay it once the cause is removed`,
    },
    field: "",
    source: { kind: stream, stationId: null, subject },
    raw: data,
  });
}
