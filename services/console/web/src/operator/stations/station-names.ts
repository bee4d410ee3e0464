import type { StationView } from "@hotgrid/contracts";

const SHOWN = 3;

/** The names of the first three, and how many more. An unknown station shows its id. */
export function stationNames(stationIds: readonly string[], stations: ReadonlyMap<string, StationView>): string {
  const names = stationIds.slice(0, SHOWN).map((id) => stations.get(id)?.name ?? id);
  const more = stationIds.length - names.length;
  return more > 0 ? `${names.join("、")} +${more}` : names.join("、");
}
