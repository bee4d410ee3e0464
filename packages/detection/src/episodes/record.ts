import type { Episode, EpisodeKind, Evidence, ObservedProperty, SourceEstimate } from "@hotgrid/contracts";

/** A station and property within an episode. Ids, not indices: a record outlives a change of the station list. */
export interface Member {
  readonly station: string;
  readonly property: ObservedProperty;
  readonly joined: number;
  /** Hot ticks since it joined, and the last of them. */
  hot: number;
  lastHot: number;
  /** What it showed above its threshold so far, in delta x minutes. */
  dose: number;
}

/** An open episode as the detector keeps it: plain JSON, part of the snapshot. Ticks are tick numbers. */
export interface EpisodeRecord {
  readonly id: string;
  readonly kind: EpisodeKind;
  readonly started: number;
  confirmed: number | null;
  ended: number | null;
  /** First property: peak, excess and background are in its unit. */
  readonly property: ObservedProperty;
  properties: ObservedProperty[];
  stations: string[];
  members: Member[];
  peak: number;
  peakExcess: number;
  background: number;
  /** Where the peak is, or the source. */
  peakStation: string;
  evidence: Evidence | null;
  source: SourceEstimate | null;
  sourceTick: number;
  /** Of a regional process: the city's level before it, and the highest. */
  base: number;
  height: number;
  /** Last tick at which it was seen to go on. */
  lastSeen: number;
  reason: string;
  revision: number;
  /** What consumers last saw, to tell what is worth telling. */
  published: Published | null;
}

export interface Published {
  readonly tick: number;
  readonly confirmed: boolean;
  readonly status: Episode["status"];
  readonly severity: Episode["severity"];
  readonly stations: number;
  readonly properties: number;
  readonly peakExcess: number;
  readonly source: string;
  readonly reason: string;
}

/** Open local episodes and those that ended of late, oldest first. */
export interface LocalEpisodes {
  open: EpisodeRecord[];
  recent: EpisodeRecord[];
  /** Whose source is asked for as of the last tick, before the next one is decided. */
  due: { tick: number; ids: string[] };
}
