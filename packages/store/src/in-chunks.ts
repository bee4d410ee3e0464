/** Rows of one insert. Ours: ten columns each stay far below the bound of parameters (SQLite 32,766, PostgreSQL
 *  65,535), and more rows don't make it faster. */
const ROWS_PER_INSERT = 500;

export function* inChunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) yield rows.slice(start, start + ROWS_PER_INSERT);
}
