import type { DivisionCode } from "@hotgrid/contracts";
import { bbox } from "@turf/bbox";
import { areaWithin, boundsArea } from "./area-within.ts";
import type { Bounds } from "./cell-scheme.ts";
import type { Area } from "./division.ts";
import type { Grid } from "./grid.ts";

/** A place where the villages' areas don't tile the city. */
export interface TilingFlaw {
  readonly kind: "gap" | "overlap";
  readonly cell: string;
  /** Share of the 500 m cell, 0 to 1. */
  readonly share: number;
}

export interface CityCells {
  /** 500 m cells that touch the city, each with the villages that have a part of it. */
  readonly fine: ReadonlyMap<string, readonly DivisionCode[]>;
  /** The same for 3 km cells. */
  readonly coarse: ReadonlyMap<string, readonly DivisionCode[]>;
  readonly flaws: readonly TilingFlaw[];
}

/** Shares of a cell below this come from corners rounded to 1e-5 degrees. Ours. */
const TOLERANCE = 0.005;

/** A grid never changes, and its cells take a fifth of a second. */
const known = new WeakMap<Grid, CityCells>();

/** Which cells touch which villages, by area and not by sampling, and where villages leave a gap or overlap. */
export function cellsOfVillages(grid: Grid): CityCells {
  const found = known.get(grid) ?? findCells(grid);
  known.set(grid, found);
  return found;
}

function findCells(grid: Grid): CityCells {
  const fine = new Map<string, DivisionCode[]>();
  const covered = new Map<string, number>();
  for (const { code, level } of grid.divisions.values()) {
    const area = level === "village" ? grid.area(code) : undefined;
    if (area === undefined) continue;
    for (const [cell, part] of partsIn(grid, area)) {
      const villages = fine.get(cell);
      if (villages === undefined) fine.set(cell, [code]);
      else villages.push(code);
      covered.set(cell, (covered.get(cell) ?? 0) + part);
    }
  }
  const flaws = flawsOf(grid, covered);
  for (const { cell } of flaws) if (!fine.has(cell)) fine.set(cell, []);
  const coarse = new Map<string, DivisionCode[]>();
  for (const [cell, villages] of fine) {
    const parent = cell.slice(0, cell.lastIndexOf("-"));
    coarse.set(parent, [...new Set([...(coarse.get(parent) ?? []), ...villages])]);
  }
  return { fine, coarse, flaws };
}

function* partsIn(grid: Grid, area: Area): Iterable<[cell: string, part: number]> {
  const [west = 0, south = 0, east = 0, north = 0] = bbox(area);
  const box: Bounds = [west, south, east, north];
  for (const cell of grid.cells.touching(box, "fine")) {
    const part = areaWithin(area, grid.cellBounds(cell));
    if (part > 0) yield [cell, part];
  }
}

function flawsOf(grid: Grid, covered: ReadonlyMap<string, number>): TilingFlaw[] {
  const flaws: TilingFlaw[] = [];
  const city = grid.area(grid.city);
  const cells = new Set(covered.keys());
  if (city !== undefined) {
    const [west = 0, south = 0, east = 0, north = 0] = bbox(city);
    for (const cell of grid.cells.touching([west, south, east, north], "fine")) cells.add(cell);
  }
  for (const cell of cells) {
    const bounds = grid.cellBounds(cell);
    const whole = boundsArea(bounds);
    const share = (covered.get(cell) ?? 0) / whole;
    if (share > 1 + TOLERANCE) flaws.push({ kind: "overlap", cell, share: share - 1 });
    if (city === undefined || share >= 1 - TOLERANCE) continue;
    const missing = areaWithin(city, bounds) / whole - share;
    if (missing > TOLERANCE) flaws.push({ kind: "gap", cell, share: missing });
    else if (missing < -TOLERANCE) flaws.push({ kind: "overlap", cell, share: -missing });
  }
  return flaws;
}
