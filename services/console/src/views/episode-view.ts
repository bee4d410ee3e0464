import type { Episode, EpisodeView } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import { type IsoWriter, nullable } from "../core/iso-time.ts";
import { divisionName } from "./division-names.ts";

export function episodeView(episode: Episode, ticketIds: readonly string[], grid: Grid, iso: IsoWriter): EpisodeView {
  const isoOrNull = nullable(iso);
  return {
    ...episode,
    startedAt: iso(episode.startedAt),
    confirmedAt: isoOrNull(episode.confirmedAt),
    endedAt: isoOrNull(episode.endedAt),
    evidence: episode.evidence && { ...episode.evidence, at: iso(episode.evidence.at) },
    divisionName: divisionName(grid, episode.division),
    ticketIds: [...ticketIds],
  };
}
