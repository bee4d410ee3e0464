import { decidingReading, type Episode, type EpisodeView, type Evidence } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import { type IsoWriter, nullable } from "../core/iso-time.ts";
import { divisionName } from "./division-names.ts";

export function episodeView(episode: Episode, ticketIds: readonly string[], grid: Grid, iso: IsoWriter): EpisodeView {
  const isoOrNull = nullable(iso);
  const reading = decidingReading(episode);
  return {
    ...episode,
    startedAt: iso(episode.startedAt),
    confirmedAt: isoOrNull(episode.confirmedAt),
    endedAt: isoOrNull(episode.endedAt),
    evidence: episode.evidence && evidenceView(episode.evidence, iso),
    ...(reading !== undefined && { reading }),
    divisionName: divisionName(grid, episode.division),
    ticketIds: [...ticketIds],
  };
}

const evidenceView = ({ at, phenomenonTime, ...evidence }: Evidence, iso: IsoWriter) => ({
  ...evidence,
  at: iso(at),
  ...(phenomenonTime !== undefined && { phenomenonTime: iso(phenomenonTime) }),
});
