/** A square of the search around the hit stations, by its centre in metres of the local plane. */
export interface Cell {
  readonly x: number;
  readonly y: number;
  /** Correlation of what a source here would show with what was seen. */
  score: number;
}
