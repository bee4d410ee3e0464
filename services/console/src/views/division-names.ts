import type { DivisionCode } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";

/** Names from the city down; the bare code where the grid doesn't know it (of a boundary that was changed since). */
export const divisionNames = (grid: Grid, code: DivisionCode): string[] =>
  grid.divisions.has(code) ? grid.lineage(code).map(({ name }) => name) : [code];

export const divisionName = (grid: Grid, code: DivisionCode): string => grid.divisions.get(code)?.name ?? code;
