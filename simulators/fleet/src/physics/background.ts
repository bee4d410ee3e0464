import type { Scenario } from "../scenario.ts";
import { CLIMATES, type Climate, diurnalShape, type ScalarProperty } from "./climate.ts";
import type { Point } from "./plane.ts";
import { Random, SlowNoise } from "./random.ts";

/** Smooth spatial modes: how many, their wavelengths in m, their share of the property's sigma and pace. Ours. */
const MODES = 4;
const WAVELENGTH_METRES: readonly [number, number] = [14_000, 60_000];
const MODE_SHARE = 0.45;
const MODE_TAU_MINUTES = 240;
/** A station's own: lasting offset (share of the mean), size of its day (share), slow variation (share of the mean). */
const OWN_OFFSET = 0.06;
const OWN_DAY = 0.25;
const OWN_WANDER = 0.04;
const OWN_WANDER_TAU_MINUTES = 40;
/** No air is cleaner than this share of the mean. */
const FLOOR_SHARE = 0.08;

/** What the air of the region shows at every station without a local source: base, day, slow common variation, smooth
 *  spatial modes, a gradient, and each station's own. One instance per property; step it minute by minute. */
export class Background {
  /** Levels at the stations in the property's unit, of the minute last stepped to. */
  readonly levels: Float64Array;
  readonly climate: Climate;
  readonly #common: SlowNoise;
  readonly #modes: readonly SlowNoise[];
  /** Per mode and station: the mode's value at the station, computed once. */
  readonly #shapes: readonly Float64Array[];
  /** Per station: lasting offset with gradient, factor of the day's course, slow own variation. */
  readonly #base: Float64Array;
  readonly #day: Float64Array;
  readonly #wander: Float64Array;
  readonly #random: Random;

  constructor(property: ScalarProperty, scenario: Pick<Scenario, "seed" | "background">, points: readonly Point[]) {
    this.climate = { ...CLIMATES[property], ...given(scenario.background[property]) };
    const { mean, sigma, correlationHours, gradientPerKm } = this.climate;
    const stream = (name: string) => new Random(scenario.seed, `background/${property}/${name}`);
    this.#random = stream("wander");
    this.#common = new SlowNoise(stream("common"), 1, correlationHours * 60);
    const modeRandom = stream("modes");
    this.#shapes = Array.from({ length: MODES }, () => mode(modeRandom, points));
    this.#modes = this.#shapes.map((_, i) => new SlowNoise(stream(`mode-${i}`), MODE_SHARE * sigma, MODE_TAU_MINUTES));
    const bearing = stream("gradient").between(0, 2 * Math.PI);
    const own = stream("own");
    const along = (p: Point) => (p.x * Math.sin(bearing) + p.y * Math.cos(bearing)) / 1000;
    this.#base = Float64Array.from(points, (p) => mean * (1 + OWN_OFFSET * own.normal()) + gradientPerKm * along(p));
    this.#day = Float64Array.from(points, () => Math.max(0.2, 1 + OWN_DAY * own.normal()));
    this.#wander = Float64Array.from(points, () => OWN_WANDER * mean * own.normal());
    this.levels = new Float64Array(points.length);
  }

  /** `stagnation` is the common factor of all pollutants, mean 0 and standard deviation 1. */
  step(hourOfDay: number, stagnation: number): void {
    const { mean, sigma, diurnalAmplitude, stagnation: share } = this.climate;
    const common = sigma * (share * stagnation + Math.sqrt(1 - share ** 2) * this.#common.step());
    const day = diurnalAmplitude * diurnalShape(this.climate, hourOfDay);
    const floor = FLOOR_SHARE * mean;
    const amplitudes = this.#modes.map((noise) => noise.step());
    const keep = Math.exp(-1 / OWN_WANDER_TAU_MINUTES);
    const kick = OWN_WANDER * mean * Math.sqrt(1 - keep ** 2);
    for (let s = 0; s < this.levels.length; s++) {
      const wander = (this.#wander[s] ?? 0) * keep + kick * this.#random.normal();
      this.#wander[s] = wander;
      let level = (this.#base[s] ?? 0) + common + day * (this.#day[s] ?? 1) + wander;
      for (let m = 0; m < MODES; m++) level += (amplitudes[m] ?? 0) * (this.#shapes[m]?.[s] ?? 0);
      this.levels[s] = Math.max(floor, level);
    }
  }
}

function mode(random: Random, points: readonly Point[]): Float64Array {
  const wave = (2 * Math.PI) / random.between(...WAVELENGTH_METRES);
  const bearing = random.between(0, Math.PI);
  const phase = random.between(0, 2 * Math.PI);
  return Float64Array.from(points, ({ x, y }) =>
    Math.cos(wave * (x * Math.sin(bearing) + y * Math.cos(bearing)) + phase),
  );
}

/** What the scenario gives of a property's background, without the fields that it leaves out. */
function given(level: Scenario["background"][ScalarProperty]): Partial<Climate> {
  return Object.fromEntries(Object.entries(level ?? {}).filter(([, value]) => value !== undefined));
}
