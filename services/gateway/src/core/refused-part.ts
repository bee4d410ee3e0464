import type { DeadLetterReason } from "@hotgrid/contracts";

/** A message, or one reading of it, that can't be used. */
export interface RefusedPart {
  readonly reason: DeadLetterReason;
  /** What is wrong, where, and what to do about it. */
  readonly message: { readonly zh: string; readonly en: string };
  /** Path of the field, "" for the whole. */
  readonly field: string;
  readonly raw: Uint8Array;
}

/** Characters of a value that a message quotes. Ours. */
const QUOTED_CHARACTERS = 60;

/** A published value as a message quotes it. */
function quoted(value: unknown): string {
  // Infinity comes from JSON like 1e999 and would be written as null.
  const text = typeof value === "number" ? String(value) : quotedJson(value);
  return text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
}

function quotedJson(value: unknown): string {
  if (Array.isArray(value)) return `[…] (${value.length})`;
  if (typeof value === "object" && value !== null) return "{…}";
  return JSON.stringify(value) ?? "undefined";
}

type Text = { readonly zh: string; readonly en: string };

/** Messages of the reasons, by field and value. */
export const refusalText = {
  "not-json": (detail: string): Text => ({
    zh: `不是 UTF-8 编码的 JSON（${detail}）；NaN 与 Infinity 不是 JSON，未测得的因子请省略`,
    en: `not JSON in UTF-8 (${detail}); NaN and Infinity are not JSON: leave out what was not measured`,
  }),
  "wrong-shape": (field: string, value: unknown): Text => ({
    zh: `${field || "整条消息"} 的类型不对：${quoted(value)}；应为一个读数对象，或至多 500 个读数的非空数组`,
    en: `${field || "the message"} has the wrong type: ${quoted(value)}; send one reading object, or an array of 1 to 500`,
  }),
  "wrong-field": (field: string, value: unknown, expected: string): Text => ({
    zh: `${field} 的值不对：${quoted(value)}（${expected}）；请更正，或省略此项`,
    en: `${field} is not acceptable: ${quoted(value)} (${expected}); correct it, or leave it out`,
  }),
  "missing-time": (): Text => ({
    zh: "缺少 phenomenonTime；请填监测时间：带时区的 ISO 8601，或毫秒时间戳",
    en: "phenomenonTime is missing; give the time of measurement as ISO 8601 with offset, or epoch milliseconds",
  }),
  "bad-time": (value: unknown): Text => ({
    zh: `phenomenonTime 无效：${quoted(value)}；请用带时区的 ISO 8601（如 2026-11-22T08:00:00+08:00），或整数毫秒时间戳`,
    en: `phenomenonTime is not valid: ${quoted(value)}; send ISO 8601 with offset (2026-11-22T08:00:00+08:00) or whole epoch milliseconds`,
  }),
  "future-time": (value: unknown): Text => ({
    zh: `phenomenonTime 在将来：${quoted(value)}；请校准设备时钟（NTP），并检查时区`,
    en: `phenomenonTime is in the future: ${quoted(value)}; set the station's clock (NTP) and check its offset`,
  }),
  "ancient-time": (value: unknown): Text => ({
    zh: `phenomenonTime 过早：${quoted(value)}；请校准设备时钟，并确认单位是毫秒而不是秒`,
    en: `phenomenonTime is too long ago: ${quoted(value)}; set the station's clock, and send milliseconds, not seconds`,
  }),
  "not-a-number": (field: string, value: unknown): Text => ({
    zh: `${field} 不是有限的数：${quoted(value)}；请发送数值，未测得时省略此因子`,
    en: `${field} is not a finite number: ${quoted(value)}; send a number, or leave the property out where it was not measured`,
  }),
  "implausible-value": (field: string, value: unknown, bounds: string): Text => ({
    zh: `${field} = ${quoted(value)} 超出可能范围（${bounds}）；请检查传感器与单位`,
    en: `${field} = ${quoted(value)} is outside what can be (${bounds}); check the sensor and the unit`,
  }),
  "no-known-property": (names: readonly string[]): Text => ({
    zh: `results 中没有已知因子（${quoted(names.join(", "))}）；名称见接入文档，如 pm25、pm10`,
    en: `results names no known property (${quoted(names.join(", "))}); see the documentation for the names, such as pm25, pm10`,
  }),
  "too-many-readings": (count: number, limit: number): Text => ({
    zh: `一条消息有 ${count} 个读数，上限 ${limit}；请分多条发送`,
    en: `${count} readings in one message, at most ${limit} are taken; send them in several messages`,
  }),
  "payload-too-large": (bytes: number, limit: number): Text => ({
    zh: `消息长 ${bytes} 字节，上限 ${limit}；请分多条发送`,
    en: `the message has ${bytes} bytes, at most ${limit} are taken; send it in several messages`,
  }),
  "rate-exceeded": (perSecond: number): Text => ({
    zh: `超出本站速率（每秒 ${perSecond} 个读数）；请放慢发送，此消息可重放`,
    en: `beyond this station's rate (${perSecond} readings a second); send slower; this message can be replayed`,
  }),
  "unknown-station": (stationId: string): Text => ({
    zh: `没有站点 ${quoted(stationId)}；请先登记（hotgrid stations add），再重放此消息`,
    en: `there is no station ${quoted(stationId)}: add it (hotgrid stations add), then replay this message`,
  }),
  "unknown-topic": (topic: string, stationId: string): Text => ({
    zh: `站点 ${stationId} 不能发布到主题 ${quoted(topic)}；读数请发布到 v1/stations/${stationId}/readings`,
    en: `station ${stationId} can't publish to ${quoted(topic)}; readings go to v1/stations/${stationId}/readings`,
  }),
} as const;
