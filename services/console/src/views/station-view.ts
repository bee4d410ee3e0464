import type { ObservedProperty, QcFlag, Station, StationView } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import type { LatestReading, StationStatus } from "@hotgrid/store";
import type { IsoWriter } from "../core/iso-time.ts";
import { divisionNames } from "./division-names.ts";

export interface StationFacts {
  readonly latest: LatestReading | undefined;
  readonly status: StationStatus | undefined;
}

export function stationView(
  station: Station,
  { latest, status }: StationFacts,
  grid: Grid,
  iso: IsoWriter,
): StationView {
  return {
    ...station,
    divisionNames: divisionNames(grid, station.division),
    online: status?.connection?.state === "online",
    latest: latest ? { phenomenonTime: iso(latest.phenomenonTime), results: latest.results } : null,
    flags: status ? flagsOf(status) : {},
    cellId: grid.cells.idsAt(station.lon, station.lat)[0],
  };
}

function flagsOf({ flags }: StationStatus): StationView["flags"] {
  const result: Partial<Record<ObservedProperty, QcFlag>> = {};
  for (const [property, { flag }] of Object.entries(flags)) result[property as ObservedProperty] = flag;
  return result;
}
