import { setTimeout as pause } from "node:timers/promises";
import type { Station } from "@hotgrid/contracts";
import { type PublishedReading, StationClient } from "../../harness/station-client.ts";
import type { Acknowledged } from "./check-history.ts";
import { airAt, type Fire } from "./city-air.ts";

const MINUTE_MS = 60_000;
/** Pause between two rounds of readings, and between two older readings of a station, ms. Ours: some 300 readings a
 *  second of 24 stations, which leaves two cores to the processes that are killed and started meanwhile. */
const [ROUND_MS, OLDER_MS] = [120, 250];
/** Pause before a reading that was given up is said again, ms. */
const AGAIN_MS = 100;
/** What "ten times the rate" is. */
const BURST = 10;
/** Readings of one station that may wait for their PUBACK. */
const WINDOW = 200;
/** Pace of the older readings in event time, and how far back they begin, ms: a station that sends its buffer. */
const [OLDER_STEP_MS, OLDER_BY_MS] = [10_000, 30 * 24 * 60 * MINUTE_MS];

/** How a station's clock is wrong, ms: by ten minutes, and some seconds, so that no two readings have the same time. */
const SKEWS = { none: 0, fast: 617_000, slow: -617_000, future: 617_000 };
type Skew = keyof typeof SKEWS;
export function skewOf(name: string): Skew {
  if (name === "fast" || name === "slow" || name === "future") return name;
  throw new Error(`a clock can't be ${name}`);
}

/** Every station of the city: publishes, and writes down what was acknowledged. */
export class StationFleet {
  readonly #stations: readonly Station[];
  readonly #clients: readonly StationClient[];
  readonly #start: number;
  readonly #waiting = new Set<Promise<void>>();
  #acknowledged: Acknowledged[] = [];
  #older = 0;
  #rate = 1;
  #over = false;
  /** How the first station's clock is wrong. */
  #skew: Skew = "none";

  private constructor(stations: readonly Station[], clients: readonly StationClient[], start: number) {
    this.#stations = stations;
    this.#clients = clients;
    this.#start = start;
  }

  /** @param start time of minute 0, epoch ms */
  static async connect(
    stations: readonly Station[],
    secrets: ReadonlyMap<string, string>,
    { mqttPorts, start }: { mqttPorts: readonly number[]; start: number },
  ): Promise<StationFleet> {
    const clients = await Promise.all(
      stations.map(({ id }, i) =>
        StationClient.connect(i % 2 === 0 ? mqttPorts : mqttPorts.toReversed(), id, secrets.get(id) ?? ""),
      ),
    );
    return new StationFleet(stations, clients, start);
  }

  /** Every station's reading of each minute, the next one when all of the one before are acknowledged, so that none is
   *  late for being undelivered; and beside them, all the time, older readings that wait for nobody. */
  async publish(minutes: { readonly from: number; readonly to: number }, fires: readonly Fire[]): Promise<void> {
    const over = new AbortController();
    const older = this.#publishOlder(over.signal);
    for (let minute = minutes.from; minute < minutes.to; minute++) {
      const rest = pause(ROUND_MS);
      await Promise.all(this.#stations.map((_, index) => this.#publishMinute(index, minute, fires)));
      await rest;
    }
    over.abort();
    await older;
  }

  #publishMinute(index: number, minute: number, fires: readonly Fire[]): Promise<void> {
    const station = this.#stations[index];
    if (!station) throw new Error(`no station ${index}`);
    const results = airAt(station, index, minute, fires);
    const skew = index === 0 ? this.#skew : "none";
    const now = skew === "future" ? Date.now() : this.#start + minute * MINUTE_MS;
    const reading = { phenomenonTime: now + SKEWS[skew], results };
    return this.#send(index, reading, skew === "future" ? "dead-letters" : "store");
  }

  async #publishOlder(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await pause(OLDER_MS / this.#rate);
      const phenomenonTime = this.#start - OLDER_BY_MS + this.#older * OLDER_STEP_MS;
      this.#older += 1;
      for (const index of this.#stations.keys()) {
        if (this.#waiting.size > WINDOW * this.#stations.length) break;
        void this.#send(index, { phenomenonTime, results: { pm25: (this.#older % 500) / 10, pm10: 50 } });
      }
    }
  }

  #send(index: number, reading: PublishedReading, where: Acknowledged["in"] = "store"): Promise<void> {
    const client = this.#clients[index];
    if (!client) throw new Error(`no client ${index}`);
    const { stationId } = client;
    const sending = this.#isAcknowledged(client, reading).then((isAcknowledged) => {
      if (isAcknowledged) this.#acknowledged.push({ stationId, ...reading, in: where });
      this.#waiting.delete(sending);
    });
    this.#waiting.add(sending);
    return sending;
  }

  /** False only where the fleet ends before. A connection that is lost while it sends again what an earlier one left
   *  makes the client give up what was to come next: a station says that again. */
  async #isAcknowledged(client: StationClient, reading: PublishedReading): Promise<boolean> {
    while (!this.#over) {
      const isAcknowledged = await client.publish([reading]).then(
        () => true,
        () => false,
      );
      if (isAcknowledged) return true;
      await pause(AGAIN_MS);
    }
    return false;
  }

  /** Resolves when everything that was sent is acknowledged. */
  async settled(): Promise<void> {
    await Promise.all(this.#waiting);
  }
  get waiting(): number {
    return this.#waiting.size;
  }

  /** What was acknowledged since the last call. */
  takeAcknowledged(): readonly Acknowledged[] {
    const taken = this.#acknowledged;
    this.#acknowledged = [];
    return taken;
  }

  /** Ten times the rate from now on, or no more. */
  burst(on: boolean): void {
    this.#rate = on ? BURST : 1;
  }
  /** fast, slow: ten minutes beside the others'; future: ten minutes ahead of this machine's. */
  setClock(skew: Skew): void {
    this.#skew = skew;
  }

  async close(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}
