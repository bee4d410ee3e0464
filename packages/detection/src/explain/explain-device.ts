import { type ObservedProperty, PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import type { EpisodeRecord } from "../episodes/record.ts";
import { FAULT_TEXTS, type Text } from "./texts.ts";

/** What is wrong with a device, an outage or an interference, in sentences: each test with its numbers and limits. */
export function explainDevice(record: EpisodeRecord, stationName: string, minutes: number): Text {
  const texts = record.reason.split("+").map((reason) => withNumbers(record, reason));
  const who = subjectOf(record, stationName);
  const over = record.ended === null ? { zh: "请检查设备", en: "Check the device" } : { zh: "已恢复", en: "Over now" };
  return {
    zh: `${who.zh}：${texts.map((t) => t.zh).join("；")}，共 ${minutes} 分钟。${over.zh}。`,
    en: `${who.en}: ${texts.map((t) => t.en).join("; ")}, for ${minutes} min. ${over.en}.`,
  };
}

function subjectOf({ kind, stations }: EpisodeRecord, stationName: string): Text {
  const [, other] = stations;
  if (other === undefined) return { zh: stationName, en: stationName };
  // Of a device there is a second station only where it sends that one's values.
  if (kind === "device-fault") return { zh: `${stationName}（与 ${other}）`, en: `${stationName} (and ${other})` };
  return { zh: `${stations.length}个站`, en: `${stations.length} stations` };
}

/** Tests of no sensor in particular. */
const OF_THE_STATION: ReadonlySet<string> = new Set(["clock-skew", "foreign-feed"]);
const labelOf = (property: ObservedProperty): Text => {
  const { zh, en } = PROPERTY_DEFINITIONS[property];
  return { zh: `${zh} `, en: `${en} ` };
};

function withNumbers({ evidence }: EpisodeRecord, reason: string): Text {
  const { zh, en } = FAULT_TEXTS[reason] ?? { zh: reason, en: reason };
  const test = evidence?.tests?.find(({ name }) => name === reason);
  if (!test) return { zh, en };
  const unit = (minutes: string) => (test.unit === "1" ? "" : test.unit === "min" ? minutes : ` ${test.unit}`);
  const label = OF_THE_STATION.has(reason) ? { zh: "", en: "" } : labelOf(test.observedProperty);
  const [value, limit] = [Number(test.value.toPrecision(3)), Number(test.limit.toPrecision(3))];
  return {
    zh: `${zh}（${label.zh}${value}${unit(" 分钟")}，限值 ${limit}${unit(" 分钟")}）`,
    en: `${en} (${label.en}${value}${unit(" min")}, limit ${limit}${unit(" min")})`,
  };
}
