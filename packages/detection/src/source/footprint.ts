import { type Stability, sigmaY, sigmaZ } from "../plume/pasquill-gifford.ts";
import type { DetectionRules } from "../rules/detection-rules.ts";
import type { WindPath } from "./observation.ts";
import type { SearchGrid } from "./search-grid.ts";

/** The way back is walked in steps of this many metres, or of this share of the plume's width, and of so many ticks at
 *  most: finer steps change nothing. Ours. */
const STEP_METRES = 125;
const STEP_SHARE = 0.8;
const MOST_TICKS = 5;
/** Even in a lull smoke spreads as if it moved with this, m/s. Ours. */
const LEAST_SPEED = 0.3;
/** Height that smoke has when it leaves the ground, m. Ours. */
const FIRST_HEIGHT = 3;
/** Standard deviations beyond which a plume is not felt. Ours. */
const REACH = 2.7;
/** exp(-z²/2) by z in steps of 1 / FINENESS: the walk is all exponentials. */
const FINENESS = 128;
const BELL = Float64Array.from({ length: REACH * FINENESS + 2 }, (_, i) => Math.exp(-0.5 * (i / FINENESS) ** 2));
/** Smoke older than this is background, s. Ours. */
const OLDEST_SECONDS = 3 * 3600;
const MICROGRAMS = 1e6;

/** What a gram a second from each cell would add at a receptor at one moment, and how long that smoke was on its way.
 *  Dense over the grid; `touched` lists the cells that are not 0. */
export interface Footprint {
  /** µg/m³ per g/s. */
  readonly gain: Float64Array;
  /** Gain x age, s. */
  readonly age: Float64Array;
  readonly touched: number[];
}

export const noFootprint = (cells: number): Footprint => ({
  gain: new Float64Array(cells),
  age: new Float64Array(cells),
  touched: [],
});

/** A moment at a place: index into the path, metres from the grid's middle. */
export interface Moment {
  readonly x: number;
  readonly y: number;
  readonly tick: number;
}

/** Where the air at a receptor came from: backwards along the wind of each tick, turned clockwise by `turn` radians,
 *  spreading with the way by Pasquill-Gifford, by the wind's error and by the size of a cell. Before the path begins
 *  its first wind is taken. Adds to `print`, which must be empty. */
export function walkBack(
  path: WindPath,
  grid: SearchGrid,
  { x: fromX, y: fromY, tick }: Moment,
  turn: number,
  rules: DetectionRules["source"],
  print: Footprint,
): void {
  const edge = grid.steps * grid.side * 1.4 + Math.hypot(fromX, fromY);
  const fixed = rules.placeWideningMetres ** 2 + grid.side ** 2 / 12;
  let [x, y, way, seconds, wide] = [fromX, fromY, 0, 0, Math.sqrt(fixed)];
  for (let i = tick; seconds < OLDEST_SECONDS && Math.hypot(x, y) < edge; ) {
    const leg = legBack(path, i, turn, STEP_SHARE * wide);
    const steps = Math.max(1, Math.ceil(leg.metres / Math.max(STEP_METRES, STEP_SHARE * wide)));
    for (let step = 0.5; step < steps; step++) {
      const part = step / steps;
      const along = way + leg.spread * part;
      const km = along / 1000;
      wide = Math.sqrt(sigmaY(leg.stability, km) ** 2 + (rules.windWidening * along) ** 2 + fixed);
      const high = Math.hypot(sigmaZ(leg.stability, km), FIRST_HEIGHT);
      const peak = ((leg.seconds / steps) * MICROGRAMS) / (Math.PI * Math.sqrt(2 * Math.PI) * wide * wide * high);
      deposit(print, grid, x + leg.dx * part, y + leg.dy * part, wide, peak, seconds + leg.seconds * part);
    }
    x += leg.dx;
    y += leg.dy;
    way += leg.spread;
    seconds += leg.seconds;
    i -= leg.ticks;
  }
}

interface Leg {
  readonly dx: number;
  readonly dy: number;
  readonly metres: number;
  /** The way by which smoke spreads, m. */
  readonly spread: number;
  readonly seconds: number;
  readonly ticks: number;
  readonly stability: Stability;
}

/** The air's way backwards from the end of tick `i`, of one tick, or of more while it stays within `reach` metres. */
function legBack(path: WindPath, i: number, turn: number, reach: number): Leg {
  let [east, north, spread, ticks] = [0, 0, 0, 0];
  do {
    const at = Math.max(0, i - ticks);
    east += (path.east[at] as number) * path.seconds;
    north += (path.north[at] as number) * path.seconds;
    const speed = Math.hypot(path.east[at] as number, path.north[at] as number);
    spread += Math.max(speed, LEAST_SPEED) * path.seconds;
    ticks++;
  } while (ticks < MOST_TICKS && spread * (1 + 1 / ticks) < reach);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return {
    dx: -(east * cos + north * sin),
    dy: -(north * cos - east * sin),
    metres: Math.hypot(east, north),
    spread,
    seconds: ticks * path.seconds,
    ticks,
    stability: path.stability[Math.max(0, i)] ?? "D",
  };
}

/** A puff's share by row: one look-up for all columns. Scratch of one deposit. */
let rows = new Float64Array(64);

/** Adds a round puff to the cells that it covers. */
function deposit(
  { gain, age, touched }: Footprint,
  { side, steps, width }: SearchGrid,
  x: number,
  y: number,
  sigma: number,
  peak: number,
  seconds: number,
): void {
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
      if (gain[cell] === 0) touched.push(cell);
      gain[cell] = (gain[cell] as number) + added;
      age[cell] = (age[cell] as number) + added * seconds;
    }
  }
}
