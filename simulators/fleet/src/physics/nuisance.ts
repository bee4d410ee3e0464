import type { Nuisance, Scenario } from "../scenario.ts";
import type { ScalarProperty } from "./climate.ts";
import type { Point } from "./plane.ts";
import { Random } from "./random.ts";

interface Habit {
  readonly peak: number;
  /** At a station beside which it happens at all, and the share of such stations. */
  readonly perStationDay: number;
  readonly exposed: number;
  /** Minutes. */
  readonly duration: readonly [number, number];
  /** Weight of an hour of the day, mean about 1. */
  readonly weight: (hourOfDay: number) => number;
  /** What comes with a µg/m³ of PM2.5. */
  readonly brings: Partial<Record<ScalarProperty, number>>;
}

const within = (hour: number, from: number, to: number) => hour >= from && hour < to;

/** detection.md: trucks of 1 to 3 min, cooking, fireworks everywhere at once. Sizes, rates and companions are ours. */
const HABITS: Readonly<Record<Nuisance["kind"], Habit>> = {
  trucks: {
    peak: 60,
    perStationDay: 6,
    exposed: 0.5,
    duration: [1, 3],
    weight: (hour) => (within(hour, 6, 20) ? 1.5 : 0.3),
    brings: { pm25: 1, pm10: 2.2, tsp: 3, no2: 0.6, co: 0.006 },
  },
  cooking: {
    peak: 14,
    perStationDay: 2,
    exposed: 0.15,
    duration: [15, 40],
    weight: (hour) => (within(hour, 11, 13) || within(hour, 17, 20) ? 4.8 : 0),
    brings: { pm25: 1, pm10: 1.1, tsp: 1.1, tvoc: 0.004 },
  },
  fireworks: {
    peak: 150,
    perStationDay: 0,
    exposed: 1,
    duration: [0, 0],
    weight: () => 0,
    brings: { pm25: 1, pm10: 1.2, tsp: 1.3, so2: 0.3, co: 0.003 },
  },
};
/** Minutes in which a barrage swells and fades, and how unevenly a city fires (σ of the logarithm). Ours. */
const BARRAGE_MINUTES = 20;
const UNEVEN = 0.35;
/** Side of the squares that are neighbourhoods with hours of their own, m. Ours. */
const NEIGHBOURHOOD_METRES = 2000;

/** What raises sensors without being a case for an officer: one entry of a scenario. */
export class Disturbance {
  readonly #nuisance: Nuisance;
  readonly #habit: Habit;
  readonly #random: Random;
  /** Per station: µg/m³ of PM2.5 now, and the minute at which the passing event ends. */
  readonly #heights: Float64Array;
  readonly #until: Float64Array;
  readonly #zeal: Float64Array;
  readonly #exposed: Uint8Array;
  /** Per station: hours by which its neighbourhood is later than the habit. */
  readonly #shift: Float64Array;

  constructor(index: number, scenario: Pick<Scenario, "seed" | "nuisance">, places: readonly Point[]) {
    const stations = places.length;
    const nuisance = scenario.nuisance[index];
    if (!nuisance) throw new RangeError(`no nuisance ${index}`);
    this.#nuisance = nuisance;
    this.#habit = HABITS[nuisance.kind];
    this.#random = new Random(scenario.seed, `nuisance/${index}`);
    this.#heights = new Float64Array(stations);
    this.#until = new Float64Array(stations).fill(Number.NEGATIVE_INFINITY);
    this.#zeal = Float64Array.from({ length: stations }, () => Math.exp(UNEVEN * this.#random.normal()));
    const { exposed } = this.#habit;
    this.#exposed = Uint8Array.from({ length: stations }, () => (this.#random.uniform() < exposed ? 1 : 0));
    const most = (nuisance.shiftMinutes ?? 0) / 60;
    this.#shift = Float64Array.from(places, (place) => most * leanOf(scenario.seed, place));
  }

  step(minute: number, hourOfDay: number): void {
    const active = minute >= this.#nuisance.from * 60 && minute < this.#nuisance.to * 60;
    if (this.#nuisance.kind === "fireworks") this.#fire(minute);
    else this.#pass(minute, active, hourOfDay);
  }

  addTo(levels: Float64Array, property: ScalarProperty): void {
    const factor = this.#habit.brings[property];
    if (factor === undefined) return;
    for (let s = 0; s < levels.length; s++) levels[s] = (levels[s] ?? 0) + factor * (this.#heights[s] ?? 0);
  }

  /** Chance that an event begins at a station within a minute. */
  #chance(hourOfDay: number): number {
    const perDay = this.#nuisance.perStationDay ?? this.#habit.perStationDay;
    return (perDay / 1440) * this.#habit.weight(hourOfDay);
  }

  #pass(minute: number, active: boolean, hourOfDay: number): void {
    const random = this.#random;
    const peak = this.#nuisance.peak ?? this.#habit.peak;
    for (let s = 0; s < this.#heights.length; s++) {
      const running = minute < (this.#until[s] ?? 0);
      if (!running) this.#heights[s] = 0;
      const chance = active ? this.#chance((hourOfDay - (this.#shift[s] ?? 0) + 24) % 24) : 0;
      if (running || random.uniform() >= chance || this.#exposed[s] === 0) continue;
      this.#heights[s] = peak * random.between(0.4, 1.6);
      this.#until[s] = minute + Math.round(random.between(...this.#habit.duration));
    }
  }

  #fire(minute: number): void {
    const { from, to, peak = this.#habit.peak } = this.#nuisance;
    const swell = Math.min((minute - from * 60) / BARRAGE_MINUTES, (to * 60 - minute) / BARRAGE_MINUTES, 1);
    const barrage = Math.max(0, swell) * peak;
    for (let s = 0; s < this.#heights.length; s++) {
      this.#heights[s] = barrage * (this.#zeal[s] ?? 1) * (1 + 0.1 * this.#random.normal());
    }
  }
}

/** How a neighbourhood's hours lean: -1 the earliest, 1 the latest. */
function leanOf(seed: number, { x, y }: Point): number {
  const square = `${Math.floor(x / NEIGHBOURHOOD_METRES)}/${Math.floor(y / NEIGHBOURHOOD_METRES)}`;
  return new Random(seed, `neighbourhood/${square}`).between(-1, 1);
}
