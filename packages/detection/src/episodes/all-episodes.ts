import type { EpisodeEvent } from "@hotgrid/contracts";
import { NEVER } from "../state/columns.ts";
import type { TickContext } from "../tick/context.ts";
import { advanceDevices, type DeviceEpisodes } from "./device-episodes.ts";
import { advanceInterference, type InterferenceEpisodes } from "./interference-episodes.ts";
import { advanceLocal } from "./local-episodes.ts";
import { advanceOffline, type OfflineEpisodes } from "./offline-episodes.ts";
import type { LocalEpisodes } from "./record.ts";
import { advanceRegional, type RegionalEpisodes } from "./regional-episodes.ts";

/** Everything that is open or was of late, by kind: plain JSON, part of the snapshot. */
export interface AllEpisodes {
  readonly local: LocalEpisodes;
  readonly regional: RegionalEpisodes;
  readonly devices: DeviceEpisodes;
  readonly offline: OfflineEpisodes;
  readonly interference: InterferenceEpisodes;
}

export const noEpisodes = (): AllEpisodes => ({
  local: { open: [], recent: [], due: { tick: NEVER, ids: [] } },
  regional: { open: null, since: {} },
  devices: { open: {}, since: {} },
  offline: { open: {}, network: null },
  interference: { open: {} },
});

/** What a tick changes, in a fixed order: the air mass first, then places, then devices. */
export function advanceEpisodes(state: AllEpisodes, context: TickContext): EpisodeEvent[] {
  return [
    ...advanceRegional(state.regional, context),
    ...advanceLocal(state.local, context),
    ...advanceDevices(state.devices, context),
    ...advanceOffline(state.offline, context),
    ...advanceInterference(state.interference, context),
  ];
}
