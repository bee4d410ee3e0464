import { readingsOfValidHour } from "@hotgrid/airquality";
import type { AveragedProperty, HourlyMeans, ReadingStore, StationDirectory } from "@hotgrid/store";

/** How long an answer is given again, ms of the wall. Ours: hours that are over change by late readings only. */
const KNOWN_MS = 60_000;
/** Answers kept. Ours: some pages' worth, each a line for every station. */
const KEPT = 16;

interface Span {
  readonly property: AveragedProperty;
  /** Starts of hours, epoch ms: inclusive, exclusive. */
  readonly from: number;
  readonly to: number;
}

/** Means of every station's valid hours. A month of hundreds of stations is a walk over hundreds of thousands of rows:
 *  who asks for the same gets the same, and many at once make one walk. */
export class RememberedMeans {
  readonly #readings: Pick<ReadingStore, "hourlyMeans">;
  readonly #stations: Pick<StationDirectory, "all">;
  readonly #known = new Map<
    string,
    { readonly at: number; readonly means: Promise<ReadonlyMap<string, HourlyMeans>> }
  >();

  constructor(readings: Pick<ReadingStore, "hourlyMeans">, stations: Pick<StationDirectory, "all">) {
    this.#readings = readings;
    this.#stations = stations;
  }

  get({ property, from, to }: Span): Promise<ReadonlyMap<string, HourlyMeans>> {
    const key = `${property} ${from} ${to}`;
    const known = this.#known.get(key);
    if (known && performance.now() - known.at < KNOWN_MS) return known.means;
    const stations = this.#stations
      .all()
      .map(({ id: stationId, intervalSeconds }) => ({ stationId, least: readingsOfValidHour(intervalSeconds) }));
    const means = this.#readings.hourlyMeans({ property, from, to, stations });
    this.#known.delete(key);
    this.#known.set(key, { at: performance.now(), means });
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
    // Who asked is told; what failed is asked for again.
    means.catch(() => this.#known.delete(key));
    return means;
  }
}
