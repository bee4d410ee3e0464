import type { WeatherPoint } from "../scenario.ts";
import type { Point } from "./plane.ts";
import type { Air } from "./weather.ts";

/** The simulator's kernel, unlike the one that the detector inverts: puffs, one a minute and source, carried by the
 *  minute's meandering wind, spreading by Briggs' urban sigmas (Briggs 1973, after McElroy and Pooler's St. Louis
 *  tracers; as tabled in Hanna, Briggs and Hosker 1982). A station sees the mean over the minute, which is analytic
 *  along the puff's way, so that consecutive puffs of a steady wind add up to a seamless plume. */
interface Puff {
  x: number;
  y: number;
  /** m */
  sigmaY: number;
  sigmaZ: number;
  /** m along its way */
  travelled: number;
}

/** Size of a fire when it leaves the ground, m. Ours. */
const INITIAL_SIGMA_Y = 8;
const INITIAL_SIGMA_Z = 4;
/** Height of the stations' inlets, m. HJ 653-2021 asks for 3 to 15. */
const INLET_METRES = 4;
/** m/s: in calmer air a puff still spreads as if it moved with this. Ours. */
const LEAST_SPREAD_SPEED = 0.5;
/** m: beyond this a puff is part of the background. Ours. */
const LONGEST_WAY = 15_000;
const MINUTE_SECONDS = 60;
/** Standard deviations beyond which a puff is not felt. */
const REACH = 4;

const sigmaY = (a: number) => (x: number) => (a * x) / Math.sqrt(1 + 0.0004 * x);
type Spread = readonly [y: (x: number) => number, z: (x: number) => number];
const UNSTABLE: Spread = [sigmaY(0.32), (x) => 0.24 * x * Math.sqrt(1 + 0.001 * x)];
const STABLE: Spread = [sigmaY(0.11), (x) => (0.08 * x) / Math.sqrt(1 + 0.0015 * x)];
/** σ in m of x in m, by Pasquill class. */
const URBAN_SIGMAS: Readonly<Record<WeatherPoint["stability"], Spread>> = {
  A: UNSTABLE,
  B: UNSTABLE,
  C: [sigmaY(0.22), (x) => 0.2 * x],
  D: [sigmaY(0.16), (x) => (0.14 * x) / Math.sqrt(1 + 0.0003 * x)],
  E: STABLE,
  F: STABLE,
};

export class PuffTrain {
  readonly #at: Point;
  readonly #heightMetres: number;
  #puffs: Puff[] = [];

  constructor(at: Point, heightMetres: number) {
    this.#at = at;
    this.#heightMetres = heightMetres;
  }

  get isEmpty(): boolean {
    return this.#puffs.length === 0;
  }

  /** Moves on by a minute, releasing a new puff where `emitting`. Adds to `perGram` the stations' mean over the minute
   *  per g/s emitted, in µg/m³. `turn` rotates the wind at a point, radians clockwise. */
  step(
    air: Air,
    emitting: boolean,
    points: readonly Point[],
    turn: (at: Point) => number,
    perGram: Float64Array,
  ): void {
    if (emitting) {
      this.#puffs.push({ ...this.#at, sigmaY: INITIAL_SIGMA_Y, sigmaZ: INITIAL_SIGMA_Z, travelled: 0 });
    }
    for (const puff of this.#puffs) this.#move(puff, air, points, turn(puff), perGram);
    this.#puffs = this.#puffs.filter((puff) => puff.travelled < LONGEST_WAY);
  }

  #move(puff: Puff, air: Air, points: readonly Point[], turn: number, perGram: Float64Array): void {
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const dx = (air.windEast * cos + air.windNorth * sin) * MINUTE_SECONDS;
    const dy = (air.windNorth * cos - air.windEast * sin) * MINUTE_SECONDS;
    const length = Math.hypot(dx, dy);
    const way = Math.max(length, LEAST_SPREAD_SPEED * MINUTE_SECONDS);
    const [spreadY, spreadZ] = URBAN_SIGMAS[air.stability];
    const half = puff.travelled + way / 2;
    const grow = (spread: (x: number) => number, to: number) => spread(to) - spread(puff.travelled);
    const middle = {
      ...puff,
      sigmaY: puff.sigmaY + grow(spreadY, half),
      sigmaZ: puff.sigmaZ + grow(spreadZ, half),
    };
    deposit(
      middle,
      dx,
      dy,
      length,
      verticalDensity(middle.sigmaZ, this.#heightMetres, air.mixingHeight),
      points,
      perGram,
    );
    puff.sigmaY += grow(spreadY, puff.travelled + way);
    puff.sigmaZ += grow(spreadZ, puff.travelled + way);
    puff.travelled += way;
    puff.x += dx;
    puff.y += dy;
  }
}

/** 1/m: reflected at the ground, and well mixed below the lid once it is wide enough (Turner 1970: σz > 0.8 of it). */
function verticalDensity(sigmaZ: number, heightMetres: number, mixingHeight: number): number {
  if (sigmaZ > 0.8 * mixingHeight) return 1 / mixingHeight;
  const image = (z: number) => Math.exp(-0.5 * (z / sigmaZ) ** 2);
  const sum = image(INLET_METRES - heightMetres) + image(INLET_METRES + heightMetres);
  return sum / (Math.sqrt(2 * Math.PI) * sigmaZ);
}

function deposit(
  puff: Readonly<Puff>,
  dx: number,
  dy: number,
  length: number,
  vertical: number,
  points: readonly Point[],
  perGram: Float64Array,
): void {
  const sigma = puff.sigmaY;
  const reach = REACH * sigma;
  const [ux, uy] = length > 0 ? [dx / length, dy / length] : [1, 0];
  const microgramsPerGram = 1e6 * MINUTE_SECONDS * vertical;
  for (let s = 0; s < points.length; s++) {
    const point = points[s];
    if (!point) continue;
    const [rx, ry] = [point.x - puff.x, point.y - puff.y];
    const along = rx * ux + ry * uy;
    const across = rx * uy - ry * ux;
    if (across > reach || across < -reach || along < -reach || along > length + reach) continue;
    const crosswind = Math.exp(-0.5 * (across / sigma) ** 2) / (Math.sqrt(2 * Math.PI) * sigma);
    perGram[s] = (perGram[s] ?? 0) + microgramsPerGram * crosswind * meanAlong(along, length, sigma);
  }
}

/** 1/m: mean over the way of a Gaussian that passes from 0 to `length`, at `along`. */
function meanAlong(along: number, length: number, sigma: number): number {
  if (length < 0.05 * sigma) return Math.exp(-0.5 * (along / sigma) ** 2) / (Math.sqrt(2 * Math.PI) * sigma);
  return (normalCdf(along / sigma) - normalCdf((along - length) / sigma)) / length;
}

/** Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * poly;
  return z >= 0 ? 1 - tail : tail;
}
