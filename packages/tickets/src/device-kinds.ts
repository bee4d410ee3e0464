import type { Episode, EpisodeKind } from "@hotgrid/contracts";

/** Episodes that are about a station and not about the air: what a maintenance vendor may see and handle. */
export const DEVICE_KINDS: readonly EpisodeKind[] = ["device-fault", "offline", "interference"];

/** What one ticket is about, so that nobody is paged twice for one thing: the kind with the division of the likeliest
 *  source, or with the station where it is about a device. */
export function placeOf(episode: Pick<Episode, "kind" | "division" | "stationIds">): string {
  const station = DEVICE_KINDS.includes(episode.kind) ? episode.stationIds[0] : undefined;
  return `${episode.kind}:${station ?? episode.division}`;
}
