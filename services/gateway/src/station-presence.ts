import { cityOf } from "@hotgrid/contracts";
import type { Clock } from "@hotgrid/runtime";
import type { Counts } from "./gateway-counters.ts";
import type { LogGatherer } from "./log-gatherer.ts";
import type { StationSession } from "./station-session.ts";

/** Which stations are connected, told to the STATIONS log at every change. */
export class StationPresence {
  readonly #online = new Map<string, StationSession>();
  readonly #gatherer: LogGatherer;
  readonly #clock: Clock;
  readonly #counts: Counts;

  constructor(gatherer: LogGatherer, clock: Clock, counts: Counts) {
    this.#gatherer = gatherer;
    this.#clock = clock;
    this.#counts = counts;
  }

  has(stationId: string): boolean {
    return this.#online.has(stationId);
  }

  /** A second connection of the same station ends the first, MQTT 3.1.1 section 3.1.4. */
  takeOver(stationId: string): void {
    this.#online.get(stationId)?.end("taken-over");
  }

  arrived(session: StationSession): void {
    const { station } = session;
    if (!station) return;
    session.ready = true;
    this.#online.set(station.id, session);
    this.#counts.connected += 1;
    this.#counts.connections += 1;
    this.#tell(session, "online", "connect");
  }

  gone(session: StationSession): void {
    const { station } = session;
    if (!station || !session.ready) return;
    session.ready = false;
    this.#counts.connections -= 1;
    if (this.#online.get(station.id) === session) this.#online.delete(station.id);
    this.#tell(session, "offline", session.endReason);
  }

  stopping(): void {
    for (const session of this.#online.values()) session.end("gateway-stopping");
  }

  #tell({ station }: StationSession, state: "online" | "offline", reason: string): void {
    if (!station) return;
    const event = { kind: "connection", stationId: station.id, state, at: this.#clock.now(), reason } as const;
    this.#gatherer.event(cityOf(station.division), event);
  }
}
