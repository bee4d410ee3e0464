import type { DivisionCode } from "@hotgrid/contracts";
import { bbox } from "@turf/bbox";
import { booleanPointInPolygon } from "@turf/boolean-point-in-polygon";
import Flatbush from "flatbush";
import { type Bounds, type CellScheme, createCellScheme } from "./cell-scheme.ts";
import type { Area, Division } from "./division.ts";

/** Where a point lies: its hotspot cells and its divisions at all four levels. */
export interface Location {
  readonly cells: readonly [fine: string, coarse: string];
  readonly village: DivisionCode;
  readonly town: DivisionCode;
  readonly county: DivisionCode;
  readonly city: DivisionCode;
}

/** The four-level grid of one city. Coordinates WGS-84 degrees; pure lookups, nothing changes after creation. */
export interface Grid {
  readonly city: DivisionCode;
  readonly divisions: ReadonlyMap<DivisionCode, Division>;
  readonly cells: CellScheme;
  /** Null outside the city. A point of the city that no village holds (a sliver between two surveyed boundaries, a
   *  lake) belongs to the nearest village: somebody must be responsible. */
  locate(lon: number, lat: number): Location | null;
  area(code: DivisionCode): Area | undefined;
  /** City first, the division itself last. Throws RangeError on a code that this grid does not know. */
  lineage(code: DivisionCode): readonly Division[];
  cellBounds(cellId: string): Bounds;
  cellCentre(cellId: string): readonly [lon: number, lat: number];
}

export interface GridInput {
  readonly city: DivisionCode;
  readonly divisions: readonly Division[];
  readonly areas: ReadonlyMap<DivisionCode, Area>;
}

export function createGrid({ city, divisions: list, areas }: GridInput): Grid {
  const divisions = new Map(list.map((division) => [division.code, division]));
  const root = divisions.get(city);
  if (root === undefined) throw new RangeError(`city ${city} is not among the divisions: add its row`);
  const lineages = new Map(list.map((division) => [division.code, lineageOf(division, divisions)]));
  const cells = createCellScheme(city, root.lat);
  const villages = villageIndex(list, lineages, areas);
  const outline = areas.get(city);

  const inCity = (lon: number, lat: number): boolean =>
    outline !== undefined && booleanPointInPolygon([lon, lat], outline);

  const cellBounds = (cellId: string): Bounds => cells.bounds(cellId);
  return {
    city,
    divisions,
    cells,
    locate(lon, lat) {
      if (!Number.isFinite(lon) || !Number.isFinite(lat)) return null;
      const village = villages.holding(lon, lat) ?? (inCity(lon, lat) ? villages.nearest(lon, lat) : undefined);
      return village === undefined ? null : { cells: cells.idsAt(lon, lat), ...village };
    },
    area: (code) => areas.get(code),
    lineage(code) {
      const lineage = lineages.get(code);
      if (lineage === undefined) throw new RangeError(`division ${code} is not part of the grid of ${city}`);
      return lineage;
    },
    cellBounds,
    cellCentre(cellId) {
      const [west, south, east, north] = cellBounds(cellId);
      return [(west + east) / 2, (south + north) / 2];
    },
  };
}

function lineageOf(division: Division, divisions: ReadonlyMap<DivisionCode, Division>): readonly Division[] {
  const lineage = [division];
  for (let code = division.parent; code !== null; ) {
    const parent = divisions.get(code);
    if (parent === undefined || lineage.includes(parent))
      throw new RangeError(`division ${division.code}: its parent ${code} is unknown or circular; correct the parent`);
    lineage.unshift(parent);
    code = parent.parent;
  }
  return lineage;
}

type Place = Omit<Location, "cells">;
interface VillageIndex {
  holding(lon: number, lat: number): Place | undefined;
  nearest(lon: number, lat: number): Place | undefined;
}

/** R-tree over the villages' boxes, then the polygon itself. On a shared border the lower code wins. */
function villageIndex(
  list: readonly Division[],
  lineages: ReadonlyMap<DivisionCode, readonly Division[]>,
  areas: ReadonlyMap<DivisionCode, Area>,
): VillageIndex {
  const villages: { place: Place; area: Area }[] = [];
  for (const { code, level } of list.toSorted((a, b) => (a.code < b.code ? -1 : 1))) {
    const area = areas.get(code);
    if (level !== "village" || area === undefined) continue;
    const [city, county, town, village] = lineages.get(code) ?? [];
    if (!city || !county || !town || !village)
      throw new RangeError(`village ${code} does not stand under a town, a county and a city: correct the parents`);
    villages.push({ place: { village: code, town: town.code, county: county.code, city: city.code }, area });
  }
  if (villages.length === 0) return { holding: () => undefined, nearest: () => undefined };

  const tree = new Flatbush(villages.length);
  for (const { area } of villages) {
    const [west = 0, south = 0, east = 0, north = 0] = bbox(area);
    tree.add(west, south, east, north);
  }
  tree.finish();
  return {
    holding(lon, lat) {
      const candidates = tree.search(lon, lat, lon, lat).sort((a, b) => a - b);
      for (const index of candidates) {
        const village = villages[index];
        if (village !== undefined && booleanPointInPolygon([lon, lat], village.area)) return village.place;
      }
      return undefined;
    },
    nearest: (lon, lat) => villages[tree.neighbors(lon, lat, 1)[0] ?? -1]?.place,
  };
}
