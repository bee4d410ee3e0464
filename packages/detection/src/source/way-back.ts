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
/** Smoke older than this is background, s. Ours. */
const OLDEST_SECONDS = 3 * 3600;
const MICROGRAMS = 1e6;

/** Smoke of a moment, spread around a point of the way. */
interface Puff {
  /** How much of its leg lies before it. */
  readonly part: number;
  /** Standard deviation, m. */
  readonly sigma: number;
  /** In its middle, µg/m³ per g/s. */
  readonly peak: number;
  /** How long it was on its way, s. */
  readonly seconds: number;
}

/** A stretch that the air went, with the wind as it was measured. */
export interface Leg {
  /** Metres towards east and north: forwards. */
  readonly east: number;
  readonly north: number;
  readonly puffs: readonly Puff[];
}

/** The way of the air that was anywhere at the end of a tick, the newest leg first: backwards along the wind of each tick,
 *  spreading by Pasquill-Gifford, by the wind's error and by the size of a cell. Before the path begins its first wind
 *  is taken. The same for every place and however the wind is turned, since that changes no speed. */
export function wayBack(path: WindPath, tick: number, grid: SearchGrid, rules: DetectionRules["source"]): Leg[] {
  const fixed = rules.placeWideningMetres ** 2 + grid.side ** 2 / 12;
  const legs: Leg[] = [];
  let [way, seconds, sigma] = [0, 0, Math.sqrt(fixed)];
  for (let i = tick; seconds < OLDEST_SECONDS; ) {
    const wind = windBack(path, i, STEP_SHARE * sigma);
    const steps = Math.max(1, Math.ceil(wind.metres / Math.max(STEP_METRES, STEP_SHARE * sigma)));
    const puffs: Puff[] = [];
    for (let step = 0.5; step < steps; step++) {
      const part = step / steps;
      const along = way + wind.spread * part;
      const km = along / 1000;
      sigma = Math.sqrt(sigmaY(wind.stability, km) ** 2 + (rules.windWidening * along) ** 2 + fixed);
      const high = Math.hypot(sigmaZ(wind.stability, km), FIRST_HEIGHT);
      const peak = ((wind.seconds / steps) * MICROGRAMS) / (Math.PI * Math.sqrt(2 * Math.PI) * sigma * sigma * high);
      puffs.push({ part, sigma, peak, seconds: seconds + wind.seconds * part });
    }
    legs.push({ east: wind.east, north: wind.north, puffs });
    way += wind.spread;
    seconds += wind.seconds;
    i -= wind.ticks;
  }
  return legs;
}

interface CarryingWind {
  readonly east: number;
  readonly north: number;
  readonly metres: number;
  /** The way by which smoke spreads, m. */
  readonly spread: number;
  readonly seconds: number;
  readonly ticks: number;
  readonly stability: Stability;
}

/** The wind up to the end of tick `i`, of one tick, or of more while the air stays within `reach` metres. */
function windBack(path: WindPath, i: number, reach: number): CarryingWind {
  let [east, north, spread, ticks] = [0, 0, 0, 0];
  do {
    const at = Math.max(0, i - ticks);
    east += (path.east[at] as number) * path.seconds;
    north += (path.north[at] as number) * path.seconds;
    const speed = Math.hypot(path.east[at] as number, path.north[at] as number);
    spread += Math.max(speed, LEAST_SPEED) * path.seconds;
    ticks++;
  } while (ticks < MOST_TICKS && spread * (1 + 1 / ticks) < reach);
  const metres = Math.hypot(east, north);
  return {
    east,
    north,
    metres,
    spread,
    seconds: ticks * path.seconds,
    ticks,
    stability: path.stability[Math.max(0, i)] ?? "D",
  };
}
