import type { Bus } from "@hotgrid/bus";
import type { CityCode, DivisionCode, Station } from "@hotgrid/contracts";
import type { Counters } from "@hotgrid/detection";
import type { Grid } from "@hotgrid/grid";
import type { Clock, Log } from "@hotgrid/runtime";

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
  readonly snapshotFile: string;
  /** Ticks between snapshots; they follow the log, not the wall. */
  readonly snapshotEveryTicks?: number;
  /** Least pause between two snapshots, ms of the wall: a replay at full speed closes thousands of ticks a second. */
  readonly snapshotPauseMs?: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DetectorService {
  counters(): Readonly<Counters> & { readonly snapshots: number; readonly undecodable: number };
  /** Last position of READINGS whose decisions are in the log. */
  position(): number;
  /** Latest decided minute of event time, epoch ms. */
  decidedUntil(): number | null;
  /** Takes a changed list of stations: what is new or was moved by more than 100 m starts anew. */
  refresh(stations: readonly Station[]): Promise<void>;
  /** Resolves when stopped, rejects with the bug that stopped it: unhandled, it ends the process, as it should. */
  readonly stopped: Promise<void>;
  /** Finishes the batch in hand and saves a snapshot. */
  close(): Promise<void>;
}
