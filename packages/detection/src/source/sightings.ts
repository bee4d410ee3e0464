import type { DetectionRules } from "../rules/detection-rules.ts";
import { type Footprint, noFootprint, walkBack } from "./footprint.ts";
import type { Observation } from "./observation.ts";
import type { SearchGrid } from "./search-grid.ts";
import { type Leg, wayBack } from "./way-back.ts";

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

/** Footprints of all blocks of all receptors, one turn of the wind after the other. */
export class Observatory {
  readonly #observation: Observation;
  readonly #grid: SearchGrid;
  /** Of each block: its middle, ticks before the newest, and the way of the air from then on back. */
  readonly #moments: readonly { readonly ago: number; readonly way: readonly Leg[] }[];
  readonly #entries = new Entries();
  readonly #print: Footprint;

  constructor(observation: Observation, grid: SearchGrid, rules: DetectionRules["source"]) {
    const { path, blockTicks, receptors } = observation;
    this.#observation = observation;
    this.#grid = grid;
    this.#moments = Array.from({ length: receptors[0]?.seen.length ?? 0 }, (_, block) => {
      const ago = block * blockTicks + Math.floor(blockTicks / 2);
      return { ago, way: wayBack(path, path.east.length - 1 - ago, grid, rules) };
    });
    this.#print = noFootprint(grid);
  }

  /** With the wind turned by `turn` radians, in steps of one receptor each. */
  *sightings(turn: number): Generator<void, Sightings> {
    const { receptors } = this.#observation;
    this.#entries.length = 0;
    for (const [r, receptor] of receptors.entries()) {
      for (const [block, { ago, way }] of this.#moments.entries()) {
        if (Number.isNaN(receptor.seen[block])) continue;
        walkBack(way, this.#grid, receptor, turn, this.#print);
        this.#empty(r * this.#moments.length + block, ago);
      }
      yield;
    }
    return byCell(this.#entries, this.#grid.cells);
  }

  #empty(of: number, ago: number): void {
    const { gain, age, touched, count } = this.#print;
    const { seconds } = this.#observation.path;
    for (let i = 0; i < count; i++) {
      const cell = touched[i] as number;
      const g = gain[cell] as number;
      if (g >= LEAST_GAIN && this.#grid.within[cell]) {
        this.#entries.add(cell, of, g, ago + (age[cell] as number) / g / seconds);
      }
      gain[cell] = 0;
      age[cell] = 0;
    }
    this.#print.count = 0;
  }
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
