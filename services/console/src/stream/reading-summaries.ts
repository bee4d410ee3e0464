import type { Account, ReadingSummary, ReadingsMessage, Results, Station } from "@hotgrid/contracts";
import type { LatestReading } from "@hotgrid/store";
import { seesDivision } from "../core/visibility.ts";
import type { Outgoing } from "./stream-client.ts";

/** What a summary says of a station. */
export type Changed = [stationId: string, phenomenonTime: number, results: Results];

/** Gathers the newest reading of each station until the next summary is due. */
export class ReadingSummaries {
  readonly #newest: Map<string, number>;
  #changed = new Map<string, Changed>();

  constructor(latest: ReadonlyMap<string, LatestReading>) {
    this.#newest = new Map([...latest].map(([stationId, { phenomenonTime }]) => [stationId, phenomenonTime]));
  }

  /** A reading that is older than what the map shows (a station that sends what it had kept) changes nothing there. */
  add(message: ReadingsMessage): void {
    if (message.kind !== "readings") return;
    for (const { stationId, phenomenonTime, results } of message.readings) {
      if (phenomenonTime < (this.#newest.get(stationId) ?? Number.NEGATIVE_INFINITY)) continue;
      this.#newest.set(stationId, phenomenonTime);
      this.#changed.set(stationId, [stationId, phenomenonTime, results]);
    }
  }

  /** The stations that changed since the last call. */
  take(): Changed[] {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    return changed;
  }
}

/** One event of a summary: to each account its stations, written once per division. */
export function summaryEvent(
  at: string,
  changed: readonly Changed[],
  find: (stationId: string) => Station | undefined,
): Outgoing {
  const written = new Map<string, { visible: boolean; data: string }>();
  const of = (account: Account) => {
    const found = written.get(account.division);
    if (found) return found;
    const stations = changed.filter(([stationId]) => {
      const station = find(stationId);
      return station !== undefined && seesDivision(account, station.division);
    });
    const summary: ReadingSummary = { at, stations };
    const made = { visible: stations.length > 0, data: JSON.stringify(summary) };
    written.set(account.division, made);
    return made;
  };
  return {
    event: "reading-summary",
    visibleTo: (account) => of(account).visible,
    dataFor: (account) => of(account).data,
  };
}
