import { decidingReading, type Episode, type EpisodeEvent, PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import type { News, Subject, Text } from "./news.ts";

const KIND: Readonly<Record<Episode["kind"], Text>> = {
  local: { zh: "局地热点", en: "local hotspot" },
  regional: { zh: "区域污染过程", en: "regional episode" },
  "device-fault": { zh: "设备故障", en: "device fault" },
  offline: { zh: "离线/数据缺失", en: "stations offline" },
  interference: { zh: "疑似干扰", en: "suspected interference" },
};

/** A confirmed episode is told once, and once that it is over, however many revisions it has.
 *  @param placeName name of its division
 *  @returns null for a provisional one. */
export function newsOfEpisode({ episode, revision, at }: EpisodeEvent, placeName: string): News | null {
  if (episode.confirmedAt === null) return null;
  const step = episode.status === "resolved" ? "notice-over" : "notice";
  const subject = subjectOfEpisode(episode, revision, placeName);
  return { id: `${episode.id}#${step}`, step, at, subject, due: null, by: null, note: "" };
}

function subjectOfEpisode(episode: Episode, revision: number, placeName: string): Subject {
  const { id, kind, severity, division, observedProperties, stationIds } = episode;
  const names = (language: "zh" | "en", join: string) =>
    observedProperties.map((property) => PROPERTY_DEFINITIONS[property][language]).join(join);
  const title = {
    zh: `${placeName} ${names("zh", "、")} ${KIND[kind].zh}`,
    en: `${names("en", ", ")} ${KIND[kind].en} at ${placeName}`,
  };
  const what = { id, revision, kind, severity, division, observedProperties, stationIds, title };
  const reading = decidingReading(episode);
  const decided = reading === undefined ? {} : { reading };
  return {
    ...what,
    ...decided,
    state: null,
    officerId: null,
    officerDivision: null,
    isOver: episode.status === "resolved",
  };
}
