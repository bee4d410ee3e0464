import { isUtf8 } from "node:buffer";
import { OBSERVED_PROPERTIES, PROPERTY_DEFINITIONS, READINGS_PER_MESSAGE, type Reading } from "@hotgrid/contracts";
import type { z } from "zod";
import { phenomenonTime, type TimeBounds, type TimeFault } from "./phenomenon-time.ts";
import { type PublishedRaw, PublishedReading, unknownFields } from "./published-reading.ts";
import { type RefusedPart, refusalText } from "./refused-part.ts";
import { splitArray } from "./split-array.ts";

export interface DecodedPublish {
  readonly readings: readonly Reading[];
  readonly refused: readonly RefusedPart[];
  /** Names that were kept out of readings that were taken. */
  readonly unknown: readonly string[];
  /** Readings that the message had, usable or not. */
  readonly count: number;
}

type Refusal = Omit<RefusedPart, "raw">;

/** Judges one publish of a station: what can be taken is taken, each reading that can't is refused on its own. */
export function decodePublish(stationId: string, payload: Uint8Array, bounds: TimeBounds): DecodedPublish {
  const whole = (refusal: Refusal, count = 1): DecodedPublish => ({
    readings: [],
    refused: [{ ...refusal, raw: payload }],
    unknown: [],
    count,
  });
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString();
  let value: unknown;
  try {
    if (!isUtf8(payload)) throw new SyntaxError("not UTF-8");
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return whole({ reason: "not-json", message: refusalText["not-json"](error.message), field: "" });
  }
  if (!Array.isArray(value)) {
    const result = decodeReading(stationId, value, bounds);
    if ("reason" in result) return whole(result);
    return { readings: [result.reading], refused: [], unknown: result.unknown, count: 1 };
  }
  if (value.length === 0) {
    return whole({ reason: "wrong-shape", message: refusalText["wrong-shape"]("", value), field: "" });
  }
  if (value.length > READINGS_PER_MESSAGE) {
    const message = refusalText["too-many-readings"](value.length, READINGS_PER_MESSAGE);
    return whole({ reason: "too-many-readings", message, field: "" }, value.length);
  }
  return decodeArray(stationId, value, text, bounds);
}

function decodeArray(stationId: string, items: readonly unknown[], text: string, bounds: TimeBounds): DecodedPublish {
  const readings: Reading[] = [];
  const refused: RefusedPart[] = [];
  const unknown = new Set<string>();
  let texts: readonly string[] | undefined;
  for (const [index, item] of items.entries()) {
    const result = decodeReading(stationId, item, bounds);
    if ("reason" in result) {
      texts ??= splitArray(text);
      const field = result.field === "" ? `[${index}]` : `[${index}].${result.field}`;
      refused.push({ ...result, field, raw: Buffer.from(texts[index] ?? "") });
    } else {
      readings.push(result.reading);
      for (const name of result.unknown) unknown.add(name);
    }
  }
  return { readings, refused, unknown: [...unknown], count: items.length };
}

function decodeReading(
  stationId: string,
  raw: unknown,
  bounds: TimeBounds,
): { reading: Reading; unknown: readonly string[] } | Refusal {
  const parsed = PublishedReading.safeParse(raw);
  if (!parsed.success) return refusalOf(parsed.error, raw);
  const { phenomenonTime: published, ...known } = parsed.data;
  const time = phenomenonTime(published, bounds);
  if (typeof time === "string") return timeRefusal(time, published);
  // The schema has just said that it has this shape.
  const unknown = unknownFields(raw as PublishedRaw, parsed.data);
  if (!hasResult(known.results)) {
    return { reason: "no-known-property", message: refusalText["no-known-property"](unknown), field: "results" };
  }
  return { reading: { stationId, phenomenonTime: time, resultTime: bounds.now, ...known } as Reading, unknown };
}

function hasResult(results: object): boolean {
  for (const _ in results) return true;
  return false;
}

function timeRefusal(reason: TimeFault, value: unknown): Refusal {
  return { reason, message: refusalText[reason](value), field: "phenomenonTime" };
}

/** The first thing that the schema found. */
function refusalOf(error: z.ZodError, raw: unknown): Refusal {
  const issue = error.issues[0];
  const path = issue?.path.map(String) ?? [];
  const field = path.join(".");
  const value = path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), raw);
  const bounded = issue?.code === "too_small" || issue?.code === "too_big";
  if (bounded && typeof value === "number") {
    const message = refusalText["implausible-value"](field, value, rangeOf(path));
    return { reason: "implausible-value", message, field };
  }
  if (path[0] === "results" && path.length === 2) {
    return { reason: "not-a-number", message: refusalText["not-a-number"](field, value), field };
  }
  const message =
    path.length < 2
      ? refusalText["wrong-shape"](field, value)
      : refusalText["wrong-field"](field, value, issue?.message ?? "");
  return { reason: "wrong-shape", message, field };
}

function rangeOf(path: readonly string[]): string {
  const property = OBSERVED_PROPERTIES.find((name) => path[0] === "results" && name === path[1]);
  if (property === undefined) return path[1] === "lat" ? "-90…90 °" : "-180…180 °";
  const { min, max, unit } = PROPERTY_DEFINITIONS[property];
  return `${min}…${max} ${unit}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
