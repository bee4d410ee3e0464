import { PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import type { EpisodeRecord } from "../episodes/record.ts";
import { FAULT_TEXTS, REASON_TEXTS, type Text } from "./texts.ts";

export interface ExplainInput {
  readonly record: EpisodeRecord;
  readonly stationName: string;
  /** Name of the division where the source, or the station, is. */
  readonly placeName: string;
  /** Event time from its start to now, or to its end. */
  readonly minutes: number;
}

const DIRECTIONS_ZH = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"] as const;
const DIRECTIONS_EN = [
  "north",
  "north-east",
  "east",
  "south-east",
  "south",
  "south-west",
  "west",
  "north-west",
] as const;
const octant = (degrees: number) => Math.round(degrees / 45) % 8;

/** A verdict in sentences that a village officer understands. */
export function explain(input: ExplainInput): Text {
  switch (input.record.kind) {
    case "local":
      return local(input);
    case "regional":
      return regional(input);
    default:
      return device(input);
  }
}

function local(input: ExplainInput): Text {
  const parts = [...measured(input), ...whence(input), ...verdict(input.record)];
  return { zh: `${parts.map((p) => p.zh).join("；")}。`, en: `${parts.map((p) => p.en).join("; ")}.` };
}

function measured({ record, stationName, minutes }: ExplainInput): Text[] {
  const { zh, en, unit, decimals } = PROPERTY_DEFINITIONS[record.property];
  const excess = record.peakExcess.toFixed(decimals);
  const around = record.evidence?.neighbours.length ?? 0;
  const count = record.stations.length;
  const others = record.properties.filter((property) => property !== record.property);
  const than = around > 0 ? `周边${around}个站` : "本站平时";
  const above = around > 0 ? `the ${around} stations around` : "this station's usual level";
  const by = count > 1 ? { zh: `${count}个站`, en: `${count} stations` } : { zh: stationName, en: stationName };
  const parts = [
    {
      zh: `${by.zh} ${zh} 比${than}最多高 ${excess} ${unit}，已持续 ${minutes} 分钟`,
      en: `${by.en}: ${en} up to ${excess} ${unit} above ${above}, for ${minutes} min`,
    },
  ];
  if (others.length > 0) {
    parts.push({
      zh: `${others.map((o) => PROPERTY_DEFINITIONS[o].zh).join("、")} 同时偏高`,
      en: `${others.map((o) => PROPERTY_DEFINITIONS[o].en).join(", ")} high as well`,
    });
  }
  return parts;
}

function whence({ record, placeName }: ExplainInput): Text[] {
  const wind = record.evidence?.wind;
  const parts: Text[] = [];
  if (wind) {
    const speed = `${wind.speed.toFixed(1)} m/s`;
    parts.push({
      zh: `${DIRECTIONS_ZH[octant(wind.direction)]}风 ${speed}`,
      en: `wind from the ${DIRECTIONS_EN[octant(wind.direction)]}, ${speed}`,
    });
  }
  parts.push(
    record.source
      ? { zh: `可能来自${placeName}`, en: `probably from ${placeName}` }
      : { zh: `请先查看${placeName}`, en: `look around ${placeName} first` },
  );
  return parts;
}

function verdict(record: EpisodeRecord): Text[] {
  const parts: Text[] = [];
  if (record.evidence?.notes.includes("uncorroborated")) {
    parts.push({ zh: "周边没有足够的站可以印证", en: "too few stations around to corroborate" });
  }
  const reason = REASON_TEXTS[record.reason];
  if (reason) parts.push(reason);
  return parts;
}

function regional({ record, minutes }: ExplainInput): Text {
  const zh = record.properties.map((property) => PROPERTY_DEFINITIONS[property].zh).join("、");
  const en = record.properties.map((property) => PROPERTY_DEFINITIONS[property].en).join(", ");
  return {
    zh: `${zh} 全市普遍升高，已持续 ${minutes} 分钟，属区域污染过程，不逐站派单。`,
    en: `${en} rising over the whole city for ${minutes} min: a regional process, no ticket per station.`,
  };
}

function device({ record, stationName, minutes }: ExplainInput): Text {
  const texts = record.reason.split("+").map((reason) => FAULT_TEXTS[reason] ?? { zh: reason, en: reason });
  const many = record.stations.length > 1;
  const over = record.ended === null ? { zh: "请检查设备", en: "Check the device" } : { zh: "已恢复", en: "Over now" };
  return {
    zh: `${many ? `${record.stations.length}个站` : stationName}：${texts.map((t) => t.zh).join("；")}，共 ${minutes} 分钟。${over.zh}。`,
    en: `${many ? `${record.stations.length} stations` : stationName}: ${texts.map((t) => t.en).join("; ")}, for ${minutes} min. ${over.en}.`,
  };
}
