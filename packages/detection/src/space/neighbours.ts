/** Stations kept per station, nearest first: twice what a background needs, so that silent ones can be passed over. */
export const NEIGHBOUR_SLOTS = 16;
/** Closer than this is the same place: a second device there is no witness of the air around. m, ours. */
const SAME_PLACE_METRES = 20;
const NONE = -1;

export interface Neighbours {
  /** NEIGHBOUR_SLOTS station indices per station, nearest first, -1 beyond the last. */
  readonly index: Int32Array;
  /** Metres, beside `index`. */
  readonly distance: Float32Array;
}

/** The nearest stations within `radius` metres. A uniform grid of squares of that side bounds the search, so that
 *  100,000 stations need no 10^10 distances. Ties go to the lower index: the order never depends on the input's. */
export function findNeighbours(x: Float64Array, y: Float64Array, radius: number): Neighbours {
  const n = x.length;
  const index = new Int32Array(n * NEIGHBOUR_SLOTS).fill(NONE);
  const distance = new Float32Array(n * NEIGHBOUR_SLOTS).fill(Number.POSITIVE_INFINITY);
  const squares = gatherSquares(x, y, radius);
  for (let s = 0; s < n; s++) {
    const sx = Math.floor((x[s] as number) / radius);
    const sy = Math.floor((y[s] as number) / radius);
    for (let i = sx - 1; i <= sx + 1; i++) {
      for (let j = sy - 1; j <= sy + 1; j++) {
        for (const other of squares.get(`${i},${j}`) ?? []) {
          const d = Math.hypot((x[other] as number) - (x[s] as number), (y[other] as number) - (y[s] as number));
          if (other !== s && d <= radius && d >= SAME_PLACE_METRES) insert(index, distance, s, other, d);
        }
      }
    }
  }
  return { index, distance };
}

function gatherSquares(x: Float64Array, y: Float64Array, side: number): Map<string, number[]> {
  const squares = new Map<string, number[]>();
  for (let s = 0; s < x.length; s++) {
    const key = `${Math.floor((x[s] as number) / side)},${Math.floor((y[s] as number) / side)}`;
    const square = squares.get(key);
    if (square) square.push(s);
    else squares.set(key, [s]);
  }
  return squares;
}

function insert(index: Int32Array, distance: Float32Array, s: number, other: number, d: number): void {
  const from = s * NEIGHBOUR_SLOTS;
  let at = from + NEIGHBOUR_SLOTS - 1;
  const nearer = (slot: number) => {
    const there = distance[slot] as number;
    return Math.fround(d) < there || (Math.fround(d) === there && other < (index[slot] as number));
  };
  if (!nearer(at)) return;
  while (at > from && nearer(at - 1)) {
    index[at] = index[at - 1] as number;
    distance[at] = distance[at - 1] as number;
    at--;
  }
  index[at] = other;
  distance[at] = d;
}
