import type { Scenario, Source } from "../scenario.ts";
import { Background } from "./background.ts";
import { CLIMATES, SCALAR_PROPERTIES, type ScalarProperty } from "./climate.ts";
import { Front } from "./fronts.ts";
import { Disturbance } from "./nuisance.ts";
import type { Plane, Point } from "./plane.ts";
import { PuffTrain } from "./puffs.ts";
import { Random, SlowNoise } from "./random.ts";
import { type Air, Weather } from "./weather.ts";

/** µg in the unit of a property: mg/m³ for co and tvoc. */
const MICROGRAMS = (property: string) => (property === "co" || property === "tvoc" ? 1000 : 1);
/** Pace of the stagnation that the pollutants share, minutes. Ours. */
const STAGNATION_TAU_MINUTES = 420;
/** How far valleys and buildings turn the wind, degrees, and over what distance, m. Ours. */
const STEERING_DEGREES = 9;
const STEERING_METRES = 25_000;
/** A coarser property holds the finer one and at least this much more. */
const HOLDS: readonly (readonly [ScalarProperty, ScalarProperty])[] = [
  ["pm10", "pm25"],
  ["tsp", "pm10"],
];
const LEAST_COARSE = 1.05;

/** A source that is or was lit. */
interface Fire {
  readonly source: Source;
  readonly train: PuffTrain;
  /** Per station, of this minute: µg/m³ per g/s. */
  readonly perGram: Float64Array;
}

/** Tells what a source adds: µg/m³ per g/s at each station in a minute. */
export type IncrementListener = (source: Source, minute: number, perGram: Float64Array) => void;

/** The air of the city, minute by minute: what would be measured by sensors without faults, at every station. */
export class Levels {
  readonly stations: readonly Point[];
  readonly #plane: Plane;
  readonly #weather: Weather;
  readonly #stagnation: SlowNoise;
  readonly #backgrounds = new Map<ScalarProperty, Background>();
  readonly #fronts: readonly Front[];
  readonly #disturbances: readonly Disturbance[];
  readonly #fires: Fire[] = [];
  readonly #listener: IncrementListener | undefined;
  readonly #steering: { bearing: number; phase: SlowNoise };

  constructor(
    scenario: Scenario,
    plane: Plane,
    stations: readonly Point[],
    properties: ReadonlySet<string>,
    listener?: IncrementListener,
  ) {
    this.stations = stations;
    this.#plane = plane;
    this.#listener = listener;
    this.#weather = new Weather(scenario.seed, scenario.weather);
    const stream = (name: string) => new Random(scenario.seed, name);
    this.#stagnation = new SlowNoise(stream("stagnation"), 1, STAGNATION_TAU_MINUTES);
    this.#steering = {
      bearing: stream("steering/bearing").between(0, 2 * Math.PI),
      phase: new SlowNoise(stream("steering/phase"), 1, 600),
    };
    const wanted = new Set<string>(properties);
    for (const [coarse, fine] of HOLDS.toReversed()) if (wanted.has(coarse)) wanted.add(fine);
    for (const property of SCALAR_PROPERTIES) {
      if (wanted.has(property)) this.#backgrounds.set(property, new Background(property, scenario, stations));
    }
    this.#fronts = scenario.regional.map((_, i) => new Front(i, scenario, stations));
    this.#disturbances = scenario.nuisance.map((_, i) => new Disturbance(i, scenario, stations));
    for (const source of scenario.sources) this.light(source);
  }

  /** Adds a source: also while the world runs, from the next minute on. */
  light(source: Source): void {
    const train = new PuffTrain(this.#plane.toPoint(source), source.heightMetres);
    this.#fires.push({ source, train, perGram: new Float64Array(this.stations.length) });
  }

  level(property: ScalarProperty, station: number): number {
    return this.#backgrounds.get(property)?.levels[station] ?? Number.NaN;
  }

  /** Steps to the next minute; returns its weather. */
  step(minute: number, hourOfDay: number): Air {
    const air = this.#weather.step(minute / 60, hourOfDay);
    const stagnation = this.#stagnation.step();
    this.#steering.phase.step();
    for (const background of this.#backgrounds.values()) background.step(hourOfDay, stagnation);
    for (const [coarse, fine] of HOLDS.toReversed()) this.#stack(coarse, fine);
    for (const disturbance of this.#disturbances) disturbance.step(minute, hourOfDay);
    for (const [property, { levels }] of this.#backgrounds) {
      for (const front of this.#fronts) front.addTo(levels, property, minute);
      for (const disturbance of this.#disturbances) disturbance.addTo(levels, property);
    }
    for (const fire of this.#fires) this.#burn(fire, air, minute);
    return air;
  }

  /** Radians clockwise by which the wind at a point differs from the city's. */
  turnAt({ x, y }: Point): number {
    const { bearing, phase } = this.#steering;
    const along = (x * Math.sin(bearing) + y * Math.cos(bearing)) / STEERING_METRES;
    return ((STEERING_DEGREES * Math.PI) / 180) * Math.cos(2 * Math.PI * along + 2 * phase.value);
  }

  #stack(coarse: ScalarProperty, fine: ScalarProperty): void {
    const outer = this.#backgrounds.get(coarse)?.levels;
    const inner = this.#backgrounds.get(fine);
    if (!outer || !inner) return;
    for (let s = 0; s < outer.length; s++) {
      const held = inner.levels[s] ?? 0;
      outer[s] = Math.max(LEAST_COARSE * held, (outer[s] ?? 0) + held - inner.climate.mean);
    }
  }

  #burn(fire: Fire, air: Air, minute: number): void {
    const { source, train, perGram } = fire;
    const emitting = minute >= source.from * 60 && minute < source.to * 60;
    if (!emitting && train.isEmpty) return;
    perGram.fill(0);
    train.step(air, emitting, this.stations, (at) => this.turnAt(at), perGram);
    for (const [property, { levels }] of this.#backgrounds) {
      const factor = rateOf(source, property) / MICROGRAMS(property);
      if (factor === 0) continue;
      for (let s = 0; s < levels.length; s++) levels[s] = (levels[s] ?? 0) + factor * (perGram[s] ?? 0);
    }
    this.#listener?.(source, minute, perGram);
  }
}

/** g/s; a coarser property holds what is emitted of the finer ones. */
function rateOf({ emission }: Pick<Source, "emission">, property: ScalarProperty): number {
  const finer = HOLDS.find(([coarse]) => coarse === property)?.[1];
  return Math.max(emission[property] ?? 0, finer ? rateOf({ emission }, finer) : 0);
}

export const isScalar = (property: string): property is ScalarProperty => property in CLIMATES;
