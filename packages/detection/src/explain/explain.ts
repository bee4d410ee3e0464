import { PROPERTY_DEFINITIONS, type SourceEstimate } from "@hotgrid/contracts";
import type { EpisodeRecord } from "../episodes/record.ts";
import { explainDevice } from "./explain-device.ts";
import { REASON_TEXTS, type Text } from "./texts.ts";

export interface ExplainInput {
  readonly record: EpisodeRecord;
  readonly stationName: string;
  /** Name of the division where the source, or the station, is. */
  readonly placeName: string;
  /** Villages in which the source may be, the likeliest first; empty without an estimate. */
  readonly likely: readonly { readonly name: string; readonly probability: number }[];
  /** The source is being looked for: the estimate follows as an update. */
  readonly isLocating: boolean;
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
/** From this probability on a village is called very likely; from this on, likely; from this on another one is named.
 *  Ours. */
const LIKELY = 0.7;
const EVEN = 0.35;
const WORTH_NAMING = 0.1;
const NO_ORIGIN: Text = {
  zh: "风太小、风向多变或没有风的数据，看不出从哪来，",
  en: "too little wind, a turning one or none measured, so no direction: ",
};
const octant = (degrees: number) => Math.round(degrees / 45) % 8;

/** A verdict in sentences that a village officer understands. */
export function explain(input: ExplainInput): Text {
  switch (input.record.kind) {
    case "local":
      return local(input);
    case "regional":
      return regional(input);
    default:
      return explainDevice(input.record, input.stationName, input.minutes);
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

function whence(input: ExplainInput): Text[] {
  const wind = input.record.evidence?.wind;
  const parts: Text[] = [];
  if (wind) {
    const speed = `${wind.speed.toFixed(1)} m/s`;
    parts.push({
      zh: `${DIRECTIONS_ZH[octant(wind.direction)]}风 ${speed}`,
      en: `wind from the ${DIRECTIONS_EN[octant(wind.direction)]}, ${speed}`,
    });
  }
  parts.push(...(input.record.source ? origin(input.likely, input.record.source) : [noOrigin(input)]));
  return parts;
}

/** How sure it is in words of daily life, who else may be it, and how far around to look. */
function origin(likely: ExplainInput["likely"], { radius50Metres }: SourceEstimate): Text[] {
  const around = Math.max(200, Math.round(radius50Metres / 100) * 100);
  const look: Text = {
    zh: `先看标出地点周围 ${around} 米`,
    en: `look within ${around} m of the marked place first`,
  };
  const [first, second] = likely;
  if (!first) return [look];
  const others = second && second.probability >= WORTH_NAMING && first.probability < LIKELY ? second : undefined;
  const [zh, en] =
    first.probability >= LIKELY
      ? ["很可能来自", "most probably from"]
      : first.probability >= EVEN
        ? ["可能来自", "probably from"]
        : ["把握不大，可能来自", "perhaps (not sure) from"];
  return [
    {
      zh: `${zh}${first.name}一带${others ? `，也可能是${others.name}一带` : ""}`,
      en: `${en} ${first.name}${others ? `, or else ${others.name}` : ""}`,
    },
    look,
  ];
}

/** The village upwind while the estimate is being made; where there can be none, the reason. */
function noOrigin({ record, placeName, isLocating }: ExplainInput): Text {
  const wind = record.evidence?.wind;
  if (isLocating && wind) {
    const upwind = octant(wind.direction);
    return {
      zh: `正在推算来源，请先查看上风向（监测站${DIRECTIONS_ZH[upwind]}方）的${placeName}一带`,
      en: `the source is being worked out: look around ${placeName} first, upwind (${DIRECTIONS_EN[upwind]} of the station)`,
    };
  }
  const why = record.confirmed === null ? { zh: "", en: "" } : NO_ORIGIN;
  return { zh: `${why.zh}请先查看${placeName}一带`, en: `${why.en}look around ${placeName} first` };
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
