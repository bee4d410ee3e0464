import type { Decoded } from "@hotgrid/bus";
import type { StationEvent } from "@hotgrid/contracts";
import type { StationStatusStore } from "@hotgrid/store";
import type { RecorderCounters } from "./recorder-counters.ts";

/** Keeps the newest state of every station's connection and of every property's soundness. */
export function recordStationEvents(store: StationStatusStore, counters: RecorderCounters) {
  return async (batch: readonly Decoded<StationEvent>[]): Promise<void> => {
    await store.apply(batch.map(({ value }) => value));
    counters.stationEvents += batch.length;
  };
}
