import type { z } from "zod";
import { type RefusedPart, refusalText } from "./refused-part.ts";

type Refusal = Omit<RefusedPart, "raw">;

/** A small JSON message of a station, or why it can't be used. */
export function decodeStationJson<T extends z.ZodType>(
  schema: T,
  payload: Uint8Array,
  limitBytes: number,
): { value: z.output<T> } | { refusal: Refusal } {
  if (payload.byteLength > limitBytes) {
    const message = refusalText["payload-too-large"](payload.byteLength, limitBytes);
    return { refusal: { reason: "payload-too-large", message, field: "" } };
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload).toString());
  } catch (error) {
    const detail = error instanceof Error ? error.message : "";
    return { refusal: { reason: "not-json", message: refusalText["not-json"](detail), field: "" } };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  const message = refusalText["wrong-field"](field || "payload", value, issue?.message ?? "");
  return { refusal: { reason: "wrong-shape", message, field } };
}
