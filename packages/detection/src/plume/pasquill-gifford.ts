/** Pasquill-Gifford stability classes: A very unstable to F stable. */
export type Stability = "A" | "B" | "C" | "D" | "E" | "F";

/** As printed in the guide: with more digits the published values are not met. */
const RADIANS_PER_DEGREE = 0.017453293;

/** c and d of sigma_y = 465.11628 x tan(0.017453293 (c - d ln x)), x in km. US EPA ISC3 user's guide, table 1-1. */
const SPREAD_Y: Readonly<Record<Stability, readonly [number, number]>> = {
  A: [24.167, 2.5334],
  B: [18.333, 1.8096],
  C: [12.5, 1.0857],
  D: [8.333, 0.72382],
  E: [6.25, 0.54287],
  F: [4.1667, 0.36191],
};

/** Rows [up to km, a, b] of sigma_z = a x^b. US EPA ISC3 user's guide, table 1-2. */
const SPREAD_Z: Readonly<Record<Stability, readonly (readonly [number, number, number])[]>> = {
  A: [
    [0.1, 122.8, 0.9447],
    [0.15, 158.08, 1.0542],
    [0.2, 170.22, 1.0932],
    [0.25, 179.52, 1.1262],
    [0.3, 217.41, 1.2644],
    [0.4, 258.89, 1.4094],
    [0.5, 346.75, 1.7283],
    [Number.POSITIVE_INFINITY, 453.85, 2.1166],
  ],
  B: [
    [0.2, 90.673, 0.93198],
    [0.4, 98.483, 0.98332],
    [Number.POSITIVE_INFINITY, 109.3, 1.0971],
  ],
  C: [[Number.POSITIVE_INFINITY, 61.141, 0.91465]],
  D: [
    [0.3, 34.459, 0.86974],
    [1, 32.093, 0.81066],
    [3, 32.093, 0.64403],
    [10, 33.504, 0.60486],
    [30, 36.65, 0.56589],
    [Number.POSITIVE_INFINITY, 44.053, 0.51179],
  ],
  E: [
    [0.1, 24.26, 0.8366],
    [0.3, 23.331, 0.81956],
    [1, 21.628, 0.7566],
    [2, 21.628, 0.63077],
    [4, 22.534, 0.57154],
    [10, 24.703, 0.50527],
    [20, 26.97, 0.46713],
    [40, 35.42, 0.37615],
    [Number.POSITIVE_INFINITY, 47.618, 0.29592],
  ],
  F: [
    [0.2, 15.209, 0.81558],
    [0.7, 14.457, 0.78407],
    [1, 13.953, 0.68465],
    [2, 13.953, 0.63227],
    [3, 14.823, 0.54503],
    [7, 16.187, 0.4649],
    [15, 17.836, 0.41507],
    [30, 22.651, 0.32681],
    [60, 27.074, 0.27436],
    [Number.POSITIVE_INFINITY, 34.219, 0.21716],
  ],
};

/** Vertical spread is capped here, m (ISC3). */
const LARGEST_SPREAD_Z = 5000;

/** Lateral spread, m, at `km` downwind; NaN upwind. */
export function sigmaY(stability: Stability, km: number): number {
  if (!(km > 0)) return Number.NaN;
  const [c, d] = SPREAD_Y[stability];
  return 465.11628 * km * Math.tan(RADIANS_PER_DEGREE * (c - d * Math.log(km)));
}

/** Vertical spread, m, at `km` downwind; NaN upwind. */
export function sigmaZ(stability: Stability, km: number): number {
  if (!(km > 0)) return Number.NaN;
  const row = SPREAD_Z[stability].find(([upTo]) => km <= upTo);
  return row ? Math.min(LARGEST_SPREAD_Z, row[1] * km ** row[2]) : LARGEST_SPREAD_Z;
}

/** Concentration of a continuous point source, in the unit of `rate` per m³: Gaussian plume with full reflection at
 *  the ground. Distances in m, wind in m/s. */
export function plumeConcentration(
  rate: number,
  wind: number,
  across: number,
  above: number,
  sourceHeight: number,
  spreadY: number,
  spreadZ: number,
): number {
  const side = Math.exp(-0.5 * (across / spreadY) ** 2);
  const down = Math.exp(-0.5 * ((above - sourceHeight) / spreadZ) ** 2);
  const mirrored = Math.exp(-0.5 * ((above + sourceHeight) / spreadZ) ** 2);
  return (rate / (2 * Math.PI * wind * spreadY * spreadZ)) * side * (down + mirrored);
}

/** Stability from wind and time of day alone, since stations measure no radiation: Turner's table in its middle
 *  column. Hour in local time. */
export function stabilityOf(speed: number, hour: number): Stability {
  const day = hour >= 8 && hour < 17;
  if (speed >= 5) return "D";
  if (day) return speed < 2 ? "B" : "C";
  return speed < 2.5 ? "F" : speed < 4 ? "E" : "D";
}
