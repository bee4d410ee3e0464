import { z } from "zod";

/** Reasons are stable names: they are metric labels, filters of the console, and keys of its translations. */
export const DEAD_LETTER_REASONS = [
  "not-json",
  "wrong-shape",
  "missing-time",
  "bad-time",
  "future-time",
  "ancient-time",
  "not-a-number",
  "implausible-value",
  "no-known-property",
  "too-many-readings",
  "payload-too-large",
  "rate-exceeded",
  "unknown-topic",
  "unknown-station",
  "max-deliveries",
  "undecodable",
] as const;
export const DeadLetterReason = z.enum(DEAD_LETTER_REASONS);
export type DeadLetterReason = z.infer<typeof DeadLetterReason>;

/** Nothing is dropped in silence: what can't be used is kept with the reason, the source and the raw bytes. */
export const DeadLetter = z.strictObject({
  id: z.string(),
  /** When it was refused, epoch ms UTC. */
  at: z.int(),
  reason: DeadLetterReason,
  /** What is wrong, with the field, the value and the remedy, for people. */
  message: z.strictObject({ zh: z.string(), en: z.string() }),
  /** JSON path of the field, "" where it is the whole message. */
  field: z.string(),
  source: z.strictObject({
    /** "mqtt" or the name of a log. */
    kind: z.string(),
    /** Station id of the publisher where known. */
    stationId: z.string().nullable(),
    /** MQTT topic or subject of the log. */
    subject: z.string(),
  }),
  /** Raw bytes, base64; cut to `RAW_LIMIT_BYTES` with `rawBytes` the full length. */
  raw: z.string(),
  rawBytes: z.int(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** Bytes kept of a message that is itself over the payload bound; smaller ones are kept whole. Ours. */
export const RAW_LIMIT_BYTES = 256 * 1024;
export const deadLetterSubject = (city: string): string => `deadletters.${city}`;
