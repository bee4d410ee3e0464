import type { ObservedProperty } from "@hotgrid/contracts";

/** The undisturbed level of one property over a city, in its unit. */
export interface Climate {
  readonly mean: number;
  readonly diurnalAmplitude: number;
  /** Hours of the day of the main and of the second peak. */
  readonly peakHours: readonly [number, number];
  readonly sigma: number;
  readonly correlationHours: number;
  readonly gradientPerKm: number;
  /** How much of the variation is the stagnation that all pollutants share, -1 to 1. */
  readonly stagnation: number;
  /** Sensor: noise proportional to the value and absolute, in the unit. */
  readonly noise: { readonly relative: number; readonly absolute: number };
  /** Size of the property's faults against those of PM2.5. */
  readonly scale: number;
  /** Decimals that a station sends. */
  readonly decimals: number;
}

const climate = (
  mean: number,
  diurnalAmplitude: number,
  peakHours: readonly [number, number],
  sigma: number,
  stagnation: number,
  noise: readonly [relative: number, absolute: number],
  scale: number,
  decimals: number,
): Climate => ({
  mean,
  diurnalAmplitude,
  peakHours,
  sigma,
  correlationHours: 6,
  gradientPerKm: 0,
  stagnation,
  noise: { relative: noise[0], absolute: noise[1] },
  scale,
  decimals,
});

export type ScalarProperty = Exclude<
  ObservedProperty,
  "temperature" | "relativeHumidity" | "pressure" | "windSpeed" | "windDirection"
>;

/** Ours: of the order of what a city of northern Zhejiang shows in late autumn. PM noise 5 % + 1.5 µg/m³ is
 *  detection.md's; the others are usual for micro stations. pm10 holds pm25 and tsp holds pm10 (see levels.ts): their means
 *  are those of the sum, the rest is that of the coarser part alone. */
export const CLIMATES: Readonly<Record<ScalarProperty, Climate>> = {
  pm25: climate(38, 7, [8, 21], 4, 1, [0.05, 1.5], 1, 1),
  pm10: climate(62, 5, [9, 18], 3, 0.3, [0.05, 2.5], 1.6, 1),
  tsp: climate(90, 7, [9, 17], 4, 0.2, [0.06, 4], 2.5, 1),
  no2: climate(34, 11, [8, 19], 4, 0.6, [0.05, 2], 0.6, 1),
  so2: climate(8, 2, [11, 10], 1.2, 0.3, [0.05, 1.2], 0.4, 1),
  co: climate(0.7, 0.12, [8, 20], 0.08, 0.7, [0.04, 0.03], 0.01, 2),
  o3: climate(62, 34, [15, 15], 8, -0.3, [0.05, 3], 0.8, 1),
  tvoc: climate(0.22, 0.05, [8, 20], 0.03, 0.5, [0.05, 0.012], 0.006, 3),
  nh3: climate(11, 2, [13, 14], 1.5, 0.2, [0.06, 1], 0.4, 1),
  h2s: climate(1.4, 0.3, [4, 5], 0.25, 0.3, [0.06, 0.25], 0.05, 1),
  noise: climate(52, 7, [10, 17], 1, 0, [0, 2], 0.3, 1),
};

export const SCALAR_PROPERTIES = Object.keys(CLIMATES) as ScalarProperty[];

/** Position in the day's course, -1 to 1: one wave about the main peak and, where there is a second, a half-day wave. */
export function diurnalShape({ peakHours }: Pick<Climate, "peakHours">, hourOfDay: number): number {
  const [main, second] = peakHours;
  const daily = Math.cos(((hourOfDay - main) / 24) * 2 * Math.PI);
  if (main === second) return daily;
  const twice = Math.cos(((hourOfDay - (main + second - 12) / 2) / 12) * 2 * Math.PI);
  return 0.4 * daily + 0.6 * twice;
}
