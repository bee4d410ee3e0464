import type { ObservedProperty, Reading } from "@hotgrid/contracts";

export type Interval = "raw" | "5m" | "1h" | "1d";

/** The time series of the stations. Adapters: SQLite (embedded), InfluxDB (distributed). */
export interface ReadingStore {
  /** Idempotent by station and phenomenonTime: a second copy changes nothing and is counted as a duplicate.
   *  Resolves after the commit. Throws Unavailable where the store can't take it. */
  append(readings: readonly Reading[]): Promise<{ stored: number; duplicates: number }>;
  /** Latest reading (by phenomenonTime) of every station that ever reported. */
  latest(): Promise<ReadonlyMap<string, LatestReading>>;
  /** from inclusive, to exclusive, epoch ms; ascending. Rolled-up intervals give means at the start of the interval
   *  (days in the city's offset), for properties that were measured. At most `limit` rows; `truncated` says if cut. */
  series(query: SeriesQuery): Promise<Series>;
  /** Readings stored in all: for the accounts of a replay. */
  count(): Promise<number>;
  /** Removes what is older than its retention: raw and each rollup have their own. */
  retain(now: number): Promise<void>;
  close(): Promise<void>;
}

export interface LatestReading {
  readonly phenomenonTime: number;
  readonly results: Reading["results"];
}

export interface SeriesQuery {
  readonly stationId: string;
  readonly from: number;
  readonly to: number;
  readonly interval: Interval;
  readonly properties: readonly ObservedProperty[];
  readonly limit: number;
}

export interface Series {
  readonly times: readonly number[];
  readonly properties: Partial<Record<ObservedProperty, readonly (number | null)[]>>;
  readonly truncated: boolean;
}
