import type { DetectionRules } from "../rules/detection-rules.ts";
import { type Footprint, noFootprint, walkBack } from "./footprint.ts";
import type { Observation } from "./observation.ts";
import { isWithin, type SearchGrid } from "./search-grid.ts";

/** Gains below this explain nothing and forbid nothing, µg/m³ per g/s. Ours. */
const LEAST_GAIN = 0.1;

/** What every cell would show in every block at every receptor, cell by cell: cell c owns the entries `start[c]` to
 *  `start[c + 1]`. */
export interface Sightings {
  readonly start: Int32Array;
  /** µg/m³ per g/s. */
  readonly gain: Float32Array;
  /** When that smoke was emitted, ticks before the newest. */
  readonly released: Float32Array;
  /** Receptor x blocks + block. */
  readonly of: Int32Array;
}

/** Sightings in the order in which they are found, in arrays that double when they are full. */
class Entries {
  cell = new Int32Array(4096);
  of = new Int32Array(4096);
  gain = new Float32Array(4096);
  released = new Float32Array(4096);
  length = 0;

  add(cell: number, of: number, gain: number, released: number): void {
    if (this.length === this.cell.length) this.#double();
    this.cell[this.length] = cell;
    this.of[this.length] = of;
    this.gain[this.length] = gain;
    this.released[this.length] = released;
    this.length++;
  }

  #double(): void {
    const twice = <T extends Int32Array | Float32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.cell = twice(this.cell, new Int32Array(2 * this.length));
    this.of = twice(this.of, new Int32Array(2 * this.length));
    this.gain = twice(this.gain, new Float32Array(2 * this.length));
    this.released = twice(this.released, new Float32Array(2 * this.length));
  }
}

/** Footprints of all blocks of all receptors with the wind turned by `turn` radians. */
export function sightings(
  { receptors, path, blockTicks }: Observation,
  grid: SearchGrid,
  turn: number,
  rules: DetectionRules["source"],
): Sightings {
  const entries = new Entries();
  const print = noFootprint(grid.cells);
  const newest = path.east.length - 1;
  const searched = Uint8Array.from({ length: grid.cells }, (_, cell) => (isWithin(grid, cell) ? 1 : 0));
  for (const [r, { x, y, seen }] of receptors.entries()) {
    for (let block = 0; block < seen.length; block++) {
      if (Number.isNaN(seen[block])) continue;
      const tick = newest - block * blockTicks - Math.floor(blockTicks / 2);
      walkBack(path, grid, { x, y, tick }, turn, rules, print);
      empty(print, searched, entries, r * seen.length + block, newest - tick, path.seconds);
    }
  }
  return byCell(entries, grid.cells);
}

function empty(
  { gain, age, touched }: Footprint,
  searched: Uint8Array,
  to: Entries,
  of: number,
  ago: number,
  tickSeconds: number,
): void {
  for (const cell of touched) {
    const g = gain[cell] as number;
    if (g >= LEAST_GAIN && searched[cell]) to.add(cell, of, g, ago + (age[cell] as number) / g / tickSeconds);
    gain[cell] = 0;
    age[cell] = 0;
  }
  touched.length = 0;
}

function byCell(entries: Entries, cells: number): Sightings {
  const { length } = entries;
  const start = new Int32Array(cells + 1);
  for (let i = 0; i < length; i++) {
    const after = (entries.cell[i] as number) + 1;
    start[after] = (start[after] as number) + 1;
  }
  for (let c = 0; c < cells; c++) start[c + 1] = (start[c + 1] as number) + (start[c] as number);
  const next = start.slice();
  const gain = new Float32Array(length);
  const released = new Float32Array(length);
  const of = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const c = entries.cell[i] as number;
    const k = next[c] as number;
    next[c] = k + 1;
    gain[k] = entries.gain[i] as number;
    released[k] = entries.released[i] as number;
    of[k] = entries.of[i] as number;
  }
  return { start, gain, released, of };
}
