import type { Bus, CityService } from "@hotgrid/bus";
import type { CityCode, DivisionCode, Station } from "@hotgrid/contracts";
import type { Counters } from "@hotgrid/detection";
import type { Grid } from "@hotgrid/grid";
import type { Clock, Log, Traces } from "@hotgrid/runtime";

export interface DetectorDependencies {
  readonly bus: Bus;
  /** Division code of the city, or its four digits. */
  readonly city: DivisionCode | CityCode;
  /** The city's offset, "+08:00" (all of China) where not given. */
  readonly utcOffset?: string;
  readonly grid: Grid;
  readonly stations: readonly Station[];
  /** The rule file as parsed JSON. */
  readonly rules: unknown;
  readonly snapshots: SnapshotStore;
  /** Ticks between snapshots; they follow the log, not the wall. */
  readonly snapshotEveryTicks?: number;
  /** Least pause between two snapshots, ms of the wall: a replay at full speed closes thousands of ticks a second. */
  readonly snapshotPauseMs?: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Where spans go; nowhere unless given. */
  readonly traces?: Traces | undefined;
}

/** State of the detector as of a position of the log. */
export interface Snapshot {
  /** Last sequence number of READINGS that the state covers. */
  readonly position: number;
  readonly state: Uint8Array;
}

/** Where a detector leaves what it has learned, for its next start or for another instance. */
export interface SnapshotStore {
  /** For people: a file's path, an object's name. */
  readonly place: string;
  /** Null where there is none. Throws Unavailable where it can't be read now, another Error where it is not what was
   *  written. */
  read(): Promise<Snapshot | null>;
  write(snapshot: Snapshot): Promise<void>;
  /** Keeps an unusable one for a person to look at, and returns where. */
  setAside(): Promise<string>;
}

export interface DetectorService extends CityService {
  counters(): Readonly<Counters> & { readonly snapshots: number; readonly undecodable: number };
  /** Last position of READINGS whose decisions are in the log. */
  position(): number;
  /** Latest decided minute of event time, epoch ms. */
  decidedUntil(): number | null;
  /** Takes a changed list of stations: what is new or was moved by more than 100 m starts anew. */
  refresh(stations: readonly Station[]): Promise<void>;
}
