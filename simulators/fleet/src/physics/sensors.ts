import type { ObservedProperty, Results, Station } from "@hotgrid/contracts";
import { CLIMATES } from "./climate.ts";
import { isScalar, type Levels } from "./levels.ts";
import { Random } from "./random.ts";
import type { Air } from "./weather.ts";

/** Gain of a sensor within ±10 %, 1 % of the readings missing (detection.md, Evaluation). */
const GAIN = 0.1;
export const MISSING = 0.01;
/** PM channels share their optics: beyond that they differ by this much. Ours. */
const OWN_CHANNEL = 0.03;
/** The wind that stations report is off by 12° and 20 % (detection.md): of it this share is common to the city (the
 *  wind at 3 m is not the one that carries the smoke), this share lasting for a station, the rest noise. Ours. */
const WIND_DEGREES = 12;
const WIND_SPEED = 0.2;
const LASTING_SHARE = 0.5;
/** Optical counters see wet particles larger (κ-Köhler, κ = 0.4, over ρ = 1.65; Crilley 2018). The heated inlet leaves
 *  up to this share of it; above the humidity given the growth is capped. Shares ours. */
const WET_SHARE = 0.08;
const WET_CAP = 96;
const OPTICAL: ReadonlySet<string> = new Set(["pm25", "pm10", "tsp"]);
const PM_REDUCTION_BY_MIST = 0.5;
const HUMIDITY_BY_MIST = 18;

/** One station's sensors: what they show of the air. Draws the same number of random values in each call, so that a
 *  fault or a fire never shifts another minute's noise. */
export class SensorBox {
  readonly #station: Station;
  readonly #index: number;
  readonly #random: Random;
  readonly #gains: ReadonlyMap<ObservedProperty, number>;
  readonly #wet: number;
  readonly #bias: { degrees: number; speed: number; temperature: number; humidity: number };

  constructor(seed: number, station: Station, index: number) {
    this.#station = station;
    this.#index = index;
    this.#random = new Random(seed, `sensor/${station.id}`);
    const lasting = new Random(seed, `sensor/${station.id}/lasting`);
    this.#wet = WET_SHARE * lasting.uniform();
    this.#bias = {
      degrees: LASTING_SHARE * WIND_DEGREES * lasting.normal(),
      speed: Math.exp(LASTING_SHARE * WIND_SPEED * lasting.normal()),
      temperature: 0.3 * lasting.normal(),
      humidity: 2 * lasting.normal(),
    };
    const optics = 1 + GAIN * lasting.between(-1, 1);
    this.#gains = new Map(
      station.properties.map((property) => [
        property,
        OPTICAL.has(property) ? optics * (1 + OWN_CHANNEL * lasting.between(-1, 1)) : 1 + GAIN * lasting.between(-1, 1),
      ]),
    );
  }

  /** `mist` from 0 (none) to 1 (a cannon sprays beside the inlet). `windError` in degrees, common to the city. */
  sample(levels: Levels, air: Air, mist: number, windError: number): Results {
    const results: Results = {};
    const humidity = Math.min(99, air.relativeHumidity + HUMIDITY_BY_MIST * mist);
    for (const property of this.#station.properties) {
      results[property] = isScalar(property)
        ? this.#scalar(property, levels, humidity, mist)
        : this.#met(property, levels, air, humidity, windError);
    }
    return results;
  }

  #scalar(property: keyof typeof CLIMATES, levels: Levels, humidity: number, mist: number): number {
    const { noise, decimals } = CLIMATES[property];
    const gain = property === "noise" ? 1 : (this.#gains.get(property) ?? 1);
    let value = gain * levels.level(property, this.#index);
    if (OPTICAL.has(property)) {
      const wet = Math.min(WET_CAP, humidity);
      value *= (1 + this.#wet * ((0.4 / 1.65) * (wet / (100 - wet)))) * (1 - PM_REDUCTION_BY_MIST * mist);
    }
    value += (noise.relative * value + noise.absolute) * this.#random.normal();
    return round(Math.max(0, value), decimals);
  }

  #met(property: string, levels: Levels, air: Air, humidity: number, windError: number): number {
    const draw = this.#random.normal();
    switch (property) {
      case "temperature":
        return round(air.temperature + this.#bias.temperature + 0.1 * draw, 1);
      case "relativeHumidity":
        return round(Math.min(99.9, Math.max(5, humidity + this.#bias.humidity + 0.5 * draw)), 1);
      case "pressure":
        return round(air.pressure + 0.2 * draw, 1);
      case "windSpeed": {
        const speed = Math.hypot(air.windEast, air.windNorth) * this.#bias.speed;
        return round(speed * Math.exp(LASTING_SHARE * WIND_SPEED * draw), 1);
      }
      default: {
        const turn = levels.turnAt(levels.stations[this.#index] ?? { x: 0, y: 0 });
        const from = Math.atan2(-air.windEast, -air.windNorth) + turn;
        const degrees = (from * 180) / Math.PI + this.#bias.degrees + LASTING_SHARE * WIND_DEGREES * draw + windError;
        return Math.round(((degrees % 360) + 360) % 360);
      }
    }
  }
}

/** σ in degrees of the part of the wind's error that all stations share. */
export const COMMON_WIND_DEGREES = WIND_DEGREES * Math.sqrt(1 - 2 * LASTING_SHARE ** 2);

export function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
