/** The square cells in which a source is looked for, numbered row by row from the south-west: `steps` of `side` metres
 *  to each side of the station with the peak, which is the middle of the middle cell. */
export interface SearchGrid {
  readonly side: number;
  readonly steps: number;
  readonly width: number;
  readonly cells: number;
}

export function searchGrid(side: number, radius: number): SearchGrid {
  const steps = Math.floor(radius / side);
  const width = 2 * steps + 1;
  return { side, steps, width, cells: width * width };
}

/** Middle of a cell, metres east and north of the grid's middle. */
export const eastOf = ({ side, steps, width }: SearchGrid, cell: number): number =>
  (Math.floor(cell / width) - steps) * side;
export const northOf = ({ side, steps, width }: SearchGrid, cell: number): number => ((cell % width) - steps) * side;

/** Does the cell belong to the disc that is searched? */
export const isWithin = (grid: SearchGrid, cell: number): boolean =>
  Math.hypot(eastOf(grid, cell), northOf(grid, cell)) <= grid.steps * grid.side;
