/** The square cells in which a source is looked for, numbered row by row from the south-west: `steps` of `side` metres
 *  to each side of the station with the peak, which is the middle of the middle cell. */
export interface SearchGrid {
  readonly side: number;
  readonly steps: number;
  readonly width: number;
  readonly cells: number;
  /** 1 for each cell that belongs to the disc that is searched, else 0. */
  readonly within: Uint8Array;
}

export function searchGrid(side: number, radius: number): SearchGrid {
  const steps = Math.floor(radius / side);
  const width = 2 * steps + 1;
  const grid = { side, steps, width, cells: width * width };
  const isWithin = (cell: number) => Math.hypot(eastOf(grid, cell), northOf(grid, cell)) <= steps * side;
  return { ...grid, within: Uint8Array.from({ length: grid.cells }, (_, cell) => (isWithin(cell) ? 1 : 0)) };
}

type Square = Pick<SearchGrid, "side" | "steps" | "width">;

/** Middle of a cell, metres east and north of the grid's middle. */
export const eastOf = ({ side, steps, width }: Square, cell: number): number =>
  (Math.floor(cell / width) - steps) * side;
export const northOf = ({ side, steps, width }: Square, cell: number): number => ((cell % width) - steps) * side;
