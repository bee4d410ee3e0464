import {
  type Assignment,
  coversDivision,
  type DivisionCode,
  type DivisionLevel,
  type Station,
} from "@hotgrid/contracts";
import { cellsOfVillages, type TilingFlaw } from "./cells-of-villages.ts";
import type { Division } from "./division.ts";
import { inTerm } from "./duty.ts";
import type { Grid } from "./grid.ts";

/** A place for which nobody is responsible at one level. */
export interface CoverageHole {
  readonly reason: "no-officer" | "station-outside-city";
  readonly level: DivisionLevel;
  /** Null where the place belongs to no division at all. */
  readonly division: DivisionCode | null;
  readonly name: string;
  /** Ids of the 500 m cells that are concerned, and of the stations. */
  readonly cells: readonly string[];
  readonly stations: readonly string[];
  readonly remedy: { readonly zh: string; readonly en: string };
}

/** Not a hole, since somebody is found all the same, but worth a correction. */
export type CoverageWarning =
  | (TilingFlaw & { readonly remedy: CoverageHole["remedy"] })
  | {
      readonly kind: "station-division";
      readonly stationId: string;
      readonly registered: DivisionCode;
      readonly located: DivisionCode;
      readonly remedy: CoverageHole["remedy"];
    };

export interface CoverageReport {
  /** Epoch ms UTC. */
  readonly at: number;
  readonly checked: {
    readonly divisions: number;
    readonly fineCells: number;
    readonly coarseCells: number;
    readonly stations: number;
  };
  readonly holes: readonly CoverageHole[];
  readonly warnings: readonly CoverageWarning[];
}

/** Proves that every cell of the city, in every part of it, and every station has an officer in term at all four
 *  levels, or lists where not. A deputy counts; a fallback to the level above does not.
 *  @param at epoch ms UTC */
export function verifyCoverage(
  grid: Grid,
  stations: readonly Station[],
  assignments: readonly Assignment[],
  at: number,
): CoverageReport {
  const { fine, coarse, flaws } = cellsOfVillages(grid);
  const manned = new Set(assignments.filter((assignment) => inTerm(assignment, at)).map(({ division }) => division));
  const located = stations.map((station) => ({ station, place: grid.locate(station.lon, station.lat) }));
  const unmanned = [...grid.divisions.values()].filter(({ code }) => !manned.has(code));
  const cells = unmanned.length === 0 ? new Map<DivisionCode, ReadonlySet<string>>() : cellsByDivision(grid, fine);
  const holes = unmanned.map((division): CoverageHole => {
    const inside = located.filter(({ place }) => place !== null && coversDivision(division.code, place.village));
    return {
      reason: "no-officer",
      level: division.level,
      division: division.code,
      name: division.name,
      cells: [...(cells.get(division.code) ?? [])],
      stations: inside.map(({ station }) => station.id),
      remedy: appointSomebody(division),
    };
  });
  const outside = located.filter(({ place }) => place === null).map(({ station }) => station);
  return {
    at,
    checked: {
      divisions: grid.divisions.size,
      fineCells: fine.size,
      coarseCells: coarse.size,
      stations: stations.length,
    },
    holes: [...holes, ...outside.map((station) => outsideHole(station, grid))],
    warnings: [...flaws.map((flaw) => ({ ...flaw, remedy: CORRECT_BOUNDARIES })), ...misregistered(located)],
  };
}

function cellsByDivision(
  grid: Grid,
  fine: ReadonlyMap<string, readonly DivisionCode[]>,
): ReadonlyMap<DivisionCode, ReadonlySet<string>> {
  const cells = new Map([...grid.divisions.keys()].map((code) => [code, new Set<string>()]));
  for (const [cell, villages] of fine)
    for (const village of villages) for (const { code } of grid.lineage(village)) cells.get(code)?.add(cell);
  return cells;
}

const appointSomebody = ({ code, name }: Division): CoverageHole["remedy"] => ({
  zh: `为${name}(${code})指定在任网格员或网格长(assignments.csv 或 hotgrid officers import)`,
  en: `appoint somebody in term for ${name} (${code}): assignments.csv or \`hotgrid officers import\``,
});

const CORRECT_BOUNDARIES: CoverageHole["remedy"] = {
  zh: "村社范围未铺满或有重叠,空隙归最近的村社;用 hotgrid grid import 更正界线",
  en: "the villages leave a gap (which goes to the nearest village) or overlap: correct them with `hotgrid grid import`",
};

const outsideHole = ({ id, name, lon, lat }: Station, grid: Grid): CoverageHole => ({
  reason: "station-outside-city",
  level: "village",
  division: null,
  name,
  cells: [grid.cells.idsAt(lon, lat)[0]],
  stations: [id],
  remedy: {
    zh: `站点 ${id} 的坐标 ${lon} ${lat} 不在本市范围内:检查经纬度是否颠倒、是否为 GCJ-02`,
    en: `station ${id} at ${lon} ${lat} lies outside the city: check for swapped coordinates or GCJ-02`,
  },
});

function misregistered(
  located: readonly { readonly station: Station; readonly place: ReturnType<Grid["locate"]> }[],
): CoverageWarning[] {
  return located.flatMap(({ station, place }) => {
    if (place === null || coversDivision(station.division, place.village)) return [];
    const { id: stationId, division: registered } = station;
    const remedy = {
      zh: `站点 ${stationId} 登记在 ${registered},实际位于 ${place.village}:更正登记`,
      en: `station ${stationId} is registered in ${registered} but stands in ${place.village}: correct the registration`,
    };
    return [{ kind: "station-division" as const, stationId, registered, located: place.village, remedy }];
  });
}
