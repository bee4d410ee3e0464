import { NEIGHBOUR_SLOTS } from "../space/neighbours.ts";
import type { TickContext } from "../tick/context.ts";

export interface Wind {
  /** m/s. */
  readonly speed: number;
  /** Degrees from north, where it comes from. */
  readonly direction: number;
  /** Degrees: circular standard deviation of direction over the window and the stations. */
  readonly directionSpread: number;
}

const DEGREES = 180 / Math.PI;

interface Sum {
  n: number;
  speed: number;
  east: number;
  north: number;
  unitEast: number;
  unitNorth: number;
}

/** Adds one tick's wind of a station and its nearest neighbours. */
function add(sum: Sum, context: TickContext, s: number, tick: number): void {
  const { windEast, windNorth } = context.network.columns;
  const { history } = context.work.shape;
  const slot = ((tick % history) + history) % history;
  for (let k = -1; k < NEIGHBOUR_SLOTS; k++) {
    const station = k < 0 ? s : (context.network.neighbours.index[s * NEIGHBOUR_SLOTS + k] as number);
    if (station < 0) break;
    const east = windEast[station * history + slot] as number;
    const north = windNorth[station * history + slot] as number;
    const speed = Math.hypot(east, north);
    if (!(speed > 0)) continue;
    sum.n++;
    sum.speed += speed;
    sum.east += east;
    sum.north += north;
    sum.unitEast += east / speed;
    sum.unitNorth += north / speed;
  }
}

/** Mean wind around a station over the ticks `from` to `to`, null where nobody measured it. Speed is the mean of the
 *  speeds, direction that of the mean vector; the spread is sqrt(-2 ln R) of the unit vectors. */
export function meanWind(context: TickContext, s: number, from: number, to: number): Wind | null {
  const sum: Sum = { n: 0, speed: 0, east: 0, north: 0, unitEast: 0, unitNorth: 0 };
  for (let tick = from; tick <= to; tick++) add(sum, context, s, tick);
  if (sum.n === 0) return null;
  const resultant = Math.min(1, Math.hypot(sum.unitEast, sum.unitNorth) / sum.n);
  const direction = (Math.atan2(-sum.east, -sum.north) * DEGREES + 360) % 360;
  return {
    speed: Math.round((sum.speed / sum.n) * 100) / 100,
    direction: Math.round(direction) % 360,
    directionSpread: Math.round(Math.min(180, Math.sqrt(-2 * Math.log(Math.max(resultant, 1e-9))) * DEGREES)),
  };
}

/** Wind around a station over the last hour. */
export function windAround(context: TickContext, s: number): Wind | null {
  return meanWind(context, s, context.tick - context.work.shape.history + 1, context.tick);
}
