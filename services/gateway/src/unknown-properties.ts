/** Names remembered per station; one that sends more has a fault that was reported that often. Ours. */
const NAMES = 50;
/** Length of the name in the event, characters (contracts: StationEvent). */
const NAME_CHARACTERS = 64;

/** Which unknown properties were reported, so that each is reported once per station while the gateway runs. */
export class UnknownProperties {
  readonly #seen = new Map<string, Set<string>>();

  /** Those of the names that are new for the station, cut to the event's length. */
  firstSeen(stationId: string, names: readonly string[]): string[] {
    if (names.length === 0) return [];
    const seen = this.#seen.get(stationId) ?? new Set();
    this.#seen.set(stationId, seen);
    const fresh: string[] = [];
    for (const name of names.map((full) => full.slice(0, NAME_CHARACTERS))) {
      if (seen.has(name) || seen.size >= NAMES) continue;
      seen.add(name);
      fresh.push(name);
    }
    return fresh;
  }
}
