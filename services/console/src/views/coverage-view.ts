import { type CoverageView, coversDivision, type DivisionCode } from "@hotgrid/contracts";
import {
  type CoverageHole,
  type CoverageReport,
  type CoverageWarning,
  cellsOfVillages,
  type Grid,
  type Span,
} from "@hotgrid/grid";
import type { IsoWriter } from "../core/iso-time.ts";
import { divisionNames } from "./division-names.ts";

interface Scene {
  readonly grid: Grid;
  readonly iso: IsoWriter;
  /** Divisions of the stations that were looked at. */
  readonly stations: readonly DivisionCode[];
}

/** The part of a city's proof that lies in a division. What belongs to no division is the city's affair. */
export function coverageView(
  report: CoverageReport,
  within: DivisionCode,
  { grid, iso, stations }: Scene,
): CoverageView {
  const inside = (code: DivisionCode | null) =>
    code === null ? grid.divisions.get(within)?.level === "city" : coversDivision(within, code);
  const spansView = (spans: readonly Span[]) => spans.map(({ from, to }) => ({ from: iso(from), to: iso(to) }));
  return {
    from: iso(report.from),
    to: iso(report.to),
    division: within,
    checked: {
      divisions: [...grid.divisions.keys()].filter(inside).length,
      ...cellCounts(grid, inside),
      stations: stations.filter(inside).length,
    },
    holes: report.holes
      .filter(({ division }) => inside(division))
      .map((hole) => ({ ...holeView(hole, grid), spans: spansView(hole.spans) })),
    warnings: report.warnings
      .filter((warning) => warning.kind === "unknown-year" || divisionsOf(warning).some(inside))
      .map((warning) => ({
        kind: warning.kind,
        division: divisionsOf(warning).find(inside) ?? null,
        spans: spansView(warning.kind === "away" ? warning.spans : []),
        remedy: warning.remedy,
      })),
  };
}

function holeView({ reason, division, level, name, cells, stations, remedy }: CoverageHole, grid: Grid) {
  const names = division === null ? [name] : divisionNames(grid, division);
  return { reason, division, level, names, cells: cells.length, stations: stations.length, remedy };
}

function cellCounts(grid: Grid, inside: (code: DivisionCode) => boolean) {
  const { fine, coarse } = cellsOfVillages(grid);
  const count = (cells: ReadonlyMap<string, readonly DivisionCode[]>) =>
    [...cells.values()].filter((villages) => villages.some(inside)).length;
  return { fineCells: count(fine), coarseCells: count(coarse) };
}

function divisionsOf(warning: CoverageWarning): readonly (DivisionCode | null)[] {
  if (warning.kind === "away") return [warning.division];
  return warning.kind === "station-division" ? [warning.located, warning.registered] : [null];
}
