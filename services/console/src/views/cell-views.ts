import type { CellView, Episode, ObservedProperty, Severity, Station } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import type { LatestReading } from "@hotgrid/store";

/** A reading older than this says nothing of a cell now, ms. Ours: after detection.md, a station is offline long before. */
const STILL_LATEST_MS = 3_600_000;
const GRAVITY: Readonly<Record<Severity, number>> = { red: 3, orange: 2, yellow: 1 };

export type CellSize = 500 | 3000;

export interface CellFacts {
  /** All that the account may see. */
  readonly stations: readonly Station[];
  readonly latest: ReadonlyMap<string, LatestReading>;
  /** Firing. */
  readonly episodes: readonly Episode[];
  /** Epoch ms. */
  readonly now: number;
}

/** Index of a cell's id in the pair that the grid gives for a point; a 3 km id is the 500 m id without its last part. */
const PLACE: Readonly<Record<CellSize, 0 | 1>> = { 500: 0, 3000: 1 };

/** States of those cells of one size in which there is something, by cell id. */
export function cellStates(
  grid: Grid,
  size: CellSize,
  facts: CellFacts,
): ReadonlyMap<string, Omit<CellView, "bounds">> {
  const idAt = (lon: number, lat: number) => grid.cells.idsAt(lon, lat)[PLACE[size]];
  const stations = Map.groupBy(facts.stations, ({ lon, lat }) => idAt(lon, lat));
  const episodes = new Map<string, Episode>();
  for (const episode of facts.episodes)
    for (const id of cellsOf(episode, size)) {
      const other = episodes.get(id);
      if (!other || graver(episode, other)) episodes.set(id, episode);
    }
  const states = new Map<string, Omit<CellView, "bounds">>();
  for (const id of new Set([...stations.keys(), ...episodes.keys()])) {
    const there = stations.get(id) ?? [];
    const episode = episodes.get(id);
    states.set(id, {
      id,
      stationCount: there.length,
      latest: meanOf(there, facts),
      episode: episode
        ? { id: episode.id, kind: episode.kind, severity: episode.severity, peakExcess: episode.peakExcess }
        : null,
    });
  }
  return states;
}

export const emptyCell = (id: string): Omit<CellView, "bounds"> => ({ id, stationCount: 0, latest: {}, episode: null });

const FINE_PART = /-\d\d$/;

function cellsOf({ cellIds }: Episode, size: CellSize): Set<string> {
  if (size === 500) return new Set(cellIds.filter((id) => FINE_PART.test(id)));
  return new Set(cellIds.map((id) => id.replace(FINE_PART, "")));
}

const graver = (a: Episode, b: Episode): boolean =>
  GRAVITY[a.severity] !== GRAVITY[b.severity] ? GRAVITY[a.severity] > GRAVITY[b.severity] : a.peakExcess > b.peakExcess;

/** Wind directions are left out: their arithmetic mean is none. */
function meanOf(stations: readonly Station[], { latest, now }: CellFacts): CellView["latest"] {
  const sums = new Map<ObservedProperty, { sum: number; count: number }>();
  for (const { id } of stations) {
    const reading = latest.get(id);
    if (!reading || now - reading.phenomenonTime > STILL_LATEST_MS) continue;
    for (const [name, value] of Object.entries(reading.results)) {
      const property = name as ObservedProperty;
      if (property === "windDirection") continue;
      const { sum, count } = sums.get(property) ?? { sum: 0, count: 0 };
      sums.set(property, { sum: sum + value, count: count + 1 });
    }
  }
  return Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, Math.round((sum / count) * 100) / 100]));
}
