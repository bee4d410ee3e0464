import type { Reading, Station } from "@hotgrid/contracts";
import type { ReadingStore } from "@hotgrid/store";
import { airReading, CALM } from "../loop/bench-air.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A month of hours, and some more, so that each ranking can be of another month. */
export const MONTH_HOURS = 30 * 24;
export const SPARE_HOURS = 100;
/** Stations that report every minute of the last day; all report every hour. */
export const DENSE_STATIONS = 30;
const DENSE_MINUTES = 24 * 60;
const READINGS_AT_ONCE = 20_000;

/** Fills an empty store up to `now`, a start of an hour, epoch ms. */
export async function fillMonth(store: ReadingStore, stations: readonly Station[], now: number): Promise<number> {
  const minutes: number[] = [];
  for (let hour = MONTH_HOURS + SPARE_HOURS; hour > 0; hour--) minutes.push((now - hour * HOUR_MS) / MINUTE_MS);
  let stored = 0;
  let waiting: Reading[] = [];
  const store_ = async () => {
    stored += (await store.append(waiting)).stored;
    waiting = [];
  };
  for (const [i, station] of stations.entries()) {
    waiting.push(...minutes.map((minute) => airReading(station, i, minute, CALM)));
    if (waiting.length >= READINGS_AT_ONCE) await store_();
  }
  for (const [i, station] of stations.slice(0, DENSE_STATIONS).entries()) {
    const first = now / MINUTE_MS - DENSE_MINUTES;
    for (let minute = 0; minute < DENSE_MINUTES; minute++) waiting.push(airReading(station, i, first + minute, CALM));
    if (waiting.length >= READINGS_AT_ONCE) await store_();
  }
  await store_();
  return stored;
}
