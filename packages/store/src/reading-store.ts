import type { ObservedProperty, Reading, StationId } from "@hotgrid/contracts";

export type Interval = "raw" | "5m" | "1h" | "1d";
export type RollupInterval = Exclude<Interval, "raw">;

/** The time series of the stations. Adapters: SQLite (embedded), InfluxDB (distributed). */
export interface ReadingStore {
  /** Idempotent by station and phenomenonTime: a second copy changes nothing and is counted as a duplicate.
   *  Resolves after the commit. Throws Unavailable where the store can't take it; what it took before that stays, so
   *  that the caller sends everything again. */
  append(readings: readonly Reading[]): Promise<AppendResult>;
  /** Latest reading (by phenomenonTime) of every station that ever reported. */
  latest(): Promise<ReadonlyMap<StationId, LatestReading>>;
  /** Times at which at least one of the asked properties was measured: from inclusive, to exclusive, epoch ms;
   *  ascending. Rolled-up intervals stand at their start (days in the city's offset) and are complete up to the last
   *  append. At most `limit` rows; `truncated` says if cut. A property that was not measured at all is left out. */
  series(query: SeriesQuery): Promise<Series>;
  /** Of each of these stations, over the hours that begin in [from, to) and in which it measured the property often
   *  enough. `from` and `to` are starts of hours, epoch ms. A station without such an hour is left out. */
  hourlyMeans(query: HourlyMeansQuery): Promise<ReadonlyMap<StationId, HourlyMeans>>;
  /** Readings stored in all, removed ones too: for the accounts of a replay. */
  count(): Promise<number>;
  /** Throws Unavailable where the store does not answer. Costs next to nothing, however much is stored: for probes. */
  ping(): Promise<void>;
  /** Removes what is older than its retention: raw and each rollup have their own. */
  retain(now: number): Promise<void>;
  close(): Promise<void>;
}

export interface AppendResult {
  readonly stored: number;
  readonly duplicates: number;
  /** Older than the raw retention. Not stored: with the raw readings of their time removed, a copy could not be told
   *  from a first, and the rollups could not be computed again. */
  readonly expired: readonly Reading[];
}

export interface LatestReading {
  readonly phenomenonTime: number;
  readonly results: Reading["results"];
}

export interface SeriesQuery {
  readonly stationId: StationId;
  readonly from: number;
  readonly to: number;
  readonly interval: Interval;
  readonly properties: readonly ObservedProperty[];
  readonly limit: number;
  /** Of the readings in a rolled-up interval, "mean" unless told; raw readings are what they are. */
  readonly statistic?: Statistic;
}

/** Properties whose mean is arithmetic. */
export type AveragedProperty = Exclude<ObservedProperty, "windDirection" | "noise">;

export interface HourlyMeansQuery {
  readonly property: AveragedProperty;
  readonly from: number;
  readonly to: number;
  /** `least`: readings of the property that an hour of this station has to have. */
  readonly stations: readonly { readonly stationId: StationId; readonly least: number }[];
}

export interface HourlyMeans {
  /** Hours with enough readings. */
  readonly hours: number;
  /** Arithmetic mean of the means of those hours. */
  readonly mean: number;
}

/** The mean of a wind direction is that of unit vectors (WMO-No. 8), null where they cancel out, and it has no min and
 *  max; the mean of noise is that of sound power (Leq, GB 3096-2008); of everything else it is arithmetic. */
export type Statistic = "mean" | "min" | "max" | "count";

export interface Series {
  readonly times: readonly number[];
  readonly properties: Partial<Record<ObservedProperty, readonly (number | null)[]>>;
  readonly truncated: boolean;
}
