import type { SearchGrid } from "./search-grid.ts";
import type { Leg } from "./way-back.ts";

/** Standard deviations beyond which a plume is not felt. Ours. */
const REACH = 2.7;
/** exp(-z²/2) by z in steps of 1 / FINENESS: the walk is all exponentials. */
const FINENESS = 128;
const BELL = Float64Array.from({ length: REACH * FINENESS + 2 }, (_, i) => Math.exp(-0.5 * (i / FINENESS) ** 2));

/** What a gram a second from each cell would add at a receptor at one moment, and how long that smoke was on its way.
 *  Dense over the grid; the first `count` of `touched` are the cells that are not 0. */
export interface Footprint {
  /** µg/m³ per g/s. */
  readonly gain: Float64Array;
  /** Gain x age, s. */
  readonly age: Float64Array;
  readonly touched: Int32Array;
  count: number;
}

export const noFootprint = ({ cells }: SearchGrid): Footprint => ({
  gain: new Float64Array(cells),
  age: new Float64Array(cells),
  touched: new Int32Array(cells),
  count: 0,
});

/** Where the air at a receptor (metres from the grid's middle) came from: the way back of its moment, with the wind turned
 *  clockwise by `turn` radians. Adds to `print`, which must be empty. */
export function walkBack(
  way: readonly Leg[],
  grid: SearchGrid,
  { x: fromX, y: fromY }: { readonly x: number; readonly y: number },
  turn: number,
  print: Footprint,
): void {
  const edge = grid.steps * grid.side * 1.4 + Math.hypot(fromX, fromY);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  let [x, y] = [fromX, fromY];
  for (const { east, north, puffs } of way) {
    if (Math.hypot(x, y) >= edge) return;
    const dx = -(east * cos + north * sin);
    const dy = -(north * cos - east * sin);
    for (const { part, sigma, peak, seconds } of puffs) {
      deposit(print, grid, x + dx * part, y + dy * part, sigma, peak, seconds);
    }
    x += dx;
    y += dy;
  }
}

/** A puff's share by row: one look-up for all columns. Scratch of one deposit. */
let rows = new Float64Array(64);

/** Adds a round puff to the cells that it covers. */
function deposit(
  print: Footprint,
  { side, steps, width }: SearchGrid,
  x: number,
  y: number,
  sigma: number,
  peak: number,
  seconds: number,
): void {
  const { gain, age, touched } = print;
  const reach = REACH * sigma;
  const scale = FINENESS / sigma;
  const left = Math.max(-steps, Math.ceil((x - reach) / side));
  const right = Math.min(steps, Math.floor((x + reach) / side));
  const bottom = Math.max(-steps, Math.ceil((y - reach) / side));
  const top = Math.min(steps, Math.floor((y + reach) / side));
  if (rows.length < width) rows = new Float64Array(width);
  for (let j = bottom; j <= top; j++) rows[j + steps] = BELL[Math.round(Math.abs(j * side - y) * scale)] as number;
  for (let i = left; i <= right; i++) {
    const column = peak * (BELL[Math.round(Math.abs(i * side - x) * scale)] as number);
    const first = (i + steps) * width;
    for (let j = bottom + steps; j <= top + steps; j++) {
      const cell = first + j;
      const added = column * (rows[j] as number);
      const before = gain[cell] as number;
      if (before === 0) touched[print.count++] = cell;
      gain[cell] = before + added;
      age[cell] = (age[cell] as number) + added * seconds;
    }
  }
}
