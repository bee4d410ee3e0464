import { type ClientCounters, StationClient } from "./station-client.ts";

export interface FleetOptions {
  readonly host: string;
  readonly port: number;
  readonly stationIds: readonly string[];
  /** By station id. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly now: () => string;
}

/** Connections under way at a time, and how long each may take, ms. Ours. */
const CONNECT_AT_ONCE = 32;
const CONNECT_WITHIN_MS = 30_000;

/** Many stations, each with its own connection. */
export class Fleet {
  readonly clients: readonly StationClient[];

  private constructor(clients: readonly StationClient[]) {
    this.clients = clients;
  }

  /** Connects all stations, some at a time. Throws where one has no secret, is refused, or finds nobody. */
  static async connect({ host, port, stationIds, secrets, now }: FleetOptions): Promise<Fleet> {
    const without = stationIds.filter((id) => !secrets.has(id));
    if (without.length > 0) throw new Error(`no secret for ${without.length} stations, e.g. ${without[0]}`);
    const clients: StationClient[] = [];
    const fleet = new Fleet(clients);
    try {
      for (let from = 0; from < stationIds.length; from += CONNECT_AT_ONCE) {
        const some = stationIds.slice(from, from + CONNECT_AT_ONCE).map((stationId) => {
          return new StationClient({ host, port, stationId, secret: secrets.get(stationId) ?? "", now });
        });
        clients.push(...some);
        await Promise.all(some.map((client) => client.connected(CONNECT_WITHIN_MS)));
      }
    } catch (error) {
      await fleet.end();
      throw error;
    }
    return fleet;
  }

  counters(): ClientCounters & { backlog: number } {
    const sum = { published: 0, acknowledged: 0, dropped: 0, backlog: 0 };
    for (const { counters, backlog } of this.clients) {
      sum.published += counters.published;
      sum.acknowledged += counters.acknowledged;
      sum.dropped += counters.dropped;
      sum.backlog += backlog;
    }
    return sum;
  }

  async end(): Promise<void> {
    await Promise.allSettled(this.clients.map((client) => client.end()));
  }
}
