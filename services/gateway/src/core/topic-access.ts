import { commandResultsTopic, commandsTopic, readingsTopic, statusTopic } from "@hotgrid/contracts";

export type StationTopic = "readings" | "status" | "command-results";

/** What a station's publish is, or null where it may not publish there. */
export function publishedTopic(stationId: string, topic: string): StationTopic | "unknown" | null {
  switch (topic) {
    case readingsTopic(stationId):
      return "readings";
    case statusTopic(stationId):
      return "status";
    case commandResultsTopic(stationId):
      return "command-results";
    default:
      return topic.startsWith(`v1/stations/${stationId}/`) ? "unknown" : null;
  }
}

/** A station reads what is addressed to it, by its exact name: no wildcard, so that no other station's topic can come
 *  under it. */
export const maySubscribe = (stationId: string, filter: string): boolean =>
  [commandsTopic(stationId), statusTopic(stationId), commandResultsTopic(stationId)].includes(filter);
