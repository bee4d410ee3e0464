import { type Episode, type EpisodeKind, PROPERTY_DEFINITIONS, type Ticket } from "@hotgrid/contracts";

const WHAT: Readonly<Record<EpisodeKind, { zh: string; en: string }>> = {
  local: { zh: "局地热点", en: "local hotspot" },
  regional: { zh: "区域污染过程", en: "regional episode" },
  "device-fault": { zh: "设备故障", en: "device fault" },
  offline: { zh: "离线/数据缺失", en: "station offline" },
  interference: { zh: "疑似干扰", en: "suspected interference" },
};

/** What the ticket is called in lists, from its episode and the name of its place, e.g. 华舍街道蜀阜村. */
export function describeTicket(episode: Episode, placeName: string): Pick<Ticket, "title" | "explanation"> {
  const names = (language: "zh" | "en", join: string) =>
    episode.observedProperties.map((property) => PROPERTY_DEFINITIONS[property][language]).join(join);
  const what = WHAT[episode.kind];
  return {
    title: {
      zh: `${placeName} ${names("zh", "、")} ${what.zh}`,
      en: `${names("en", ", ")} ${what.en} at ${placeName}`,
    },
    explanation: episode.explanation,
  };
}
