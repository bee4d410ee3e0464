import type { Results } from "@hotgrid/contracts";
import type { Fault, FaultKind } from "../scenario.ts";
import { CLIMATES } from "./climate.ts";
import { isScalar } from "./levels.ts";
import type { Random } from "./random.ts";
import { round } from "./sensors.ts";

/** What a station sends instead of what its sensors show. */
export interface Sent {
  readonly results: Results;
  /** ms added to the station's clock. */
  readonly skewMs: number;
  /** Times that the same reading is sent; 0 = not at all. */
  readonly copies: number;
}

/** Default size of each kind, in the unit of PM2.5 (other properties by their scale): stuck-high, spike and step the
 *  height, drift per hour, noise its σ, negative how far below zero; clock-skew and clock-jump in seconds (a jump is an
 *  hour: summer time). Ours; fan-failure plateaus 999 and 1999 are detection.md's. */
const MAGNITUDES: Readonly<Partial<Record<FaultKind, number>>> = {
  "stuck-high": 180,
  spike: 500,
  drift: 4,
  noise: 45,
  negative: 8,
  "clock-skew": -420,
  step: 45,
  "clock-jump": -3600,
};
/** A loose contact: each minute it lets go with this chance, and shows another share of the value, up to the given one. */
const LETS_GO_CHANCE = 0.25;
const MOST_SHARE = 2.5;
/** Between mg/m³ and µg/m³. */
const UNITS = 1000;
const IN_MILLIGRAMS: ReadonlySet<string> = new Set(["co", "tvoc"]);
/** Decimals that are left of a value in µg/m³ where mg/m³ are meant. */
const SMALL_DECIMALS = 4;
const SPIKE_CHANCE = 0.1;
const FAN_PLATEAU = { pm25: 999, pm10: 1999, tsp: 1999 } as const;

/** One fault of one station; keeps what it needs (the value at which a sensor froze). */
export class Ailment {
  readonly #fault: Fault;
  readonly #random: Random;
  #frozen: Results | null = null;
  #share = 1;

  constructor(fault: Fault, random: Random) {
    this.#fault = fault;
    this.#random = random;
  }

  /** Whose values a foreign feed sends, where the scenario says so. */
  get of(): string | undefined {
    return this.#fault.of;
  }

  get stationId(): string {
    return this.#fault.station;
  }

  /** `minute` of the scenario. */
  isActive(minute: number): boolean {
    return minute >= this.#fault.from * 60 && minute < this.#fault.to * 60;
  }

  /** `other`: what the other station of a foreign feed shows in the same minute. */
  apply(sent: Sent, minute: number, other: Results): Sent {
    const magnitude = this.#fault.magnitude ?? MAGNITUDES[this.#fault.kind] ?? 0;
    const hours = minute / 60 - this.#fault.from;
    switch (this.#fault.kind) {
      case "dropout":
        return { ...sent, copies: 0 };
      case "duplicate":
        return { ...sent, copies: sent.copies * 2 };
      case "clock-skew":
      case "clock-jump":
        return { ...sent, skewMs: sent.skewMs + magnitude * 1000 };
      case "flat-line":
        this.#frozen ??= sent.results;
        return { ...sent, results: { ...sent.results, ...pollutants(this.#frozen, (value) => value) } };
      case "foreign-feed":
        return { ...sent, results: onlyKnown(other, sent.results) };
      case "unit-swap":
        return { ...sent, results: swapped(sent.results) };
      case "fan-failure":
        return { ...sent, results: { ...sent.results, ...onlyKnown(FAN_PLATEAU, sent.results) } };
      default:
        return { ...sent, results: this.#distort(sent.results, magnitude, hours) };
    }
  }

  #distort(results: Results, magnitude: number, hours: number): Results {
    const strike = this.#random.uniform() < SPIKE_CHANCE ? this.#random.between(0.6, 1.4) : 0;
    const wobble = this.#random.normal();
    const share = this.#random.between(0, MOST_SHARE);
    if (this.#random.uniform() < LETS_GO_CHANCE) this.#share = share;
    return pollutants(results, (value, scale) => {
      switch (this.#fault.kind) {
        case "stuck-high":
          return scale * magnitude * (1 + 0.01 * wobble);
        case "spike":
          return value + scale * magnitude * strike;
        case "drift":
          return value + scale * magnitude * hours;
        case "noise":
          return Math.max(0, value + scale * magnitude * this.#random.normal());
        case "step":
          return value + scale * magnitude;
        case "zero":
          return 0;
        case "erratic":
          return value * this.#share;
        case "negative":
          return -scale * magnitude * (1 + 0.2 * Math.abs(wobble));
        default:
          return value;
      }
    });
  }
}

/** Maps the pollutants of a reading and keeps the rest (a fault of the optics leaves the thermometer alone). */
function pollutants(results: Results, map: (value: number, scale: number) => number): Results {
  const mapped: Results = { ...results };
  for (const [property, value] of Object.entries(results)) {
    if (!isScalar(property) || property === "noise" || value === undefined) continue;
    const { scale, decimals } = CLIMATES[property];
    mapped[property] = round(map(value, scale), decimals);
  }
  return mapped;
}

/** Micrograms where milligrams are meant; a station without such a property sends milligrams for micrograms. */
function swapped(results: Results): Results {
  const known = Object.keys(results).some((property) => IN_MILLIGRAMS.has(property));
  const mapped: Results = { ...results };
  for (const [property, value] of Object.entries(results)) {
    if (!isScalar(property) || property === "noise" || value === undefined) continue;
    if (IN_MILLIGRAMS.has(property)) mapped[property] = round(value * UNITS, CLIMATES[property].decimals);
    else if (!known) mapped[property] = round(value / UNITS, SMALL_DECIMALS);
  }
  return mapped;
}

function onlyKnown(values: Results, results: Results): Results {
  return Object.fromEntries(Object.entries(values).filter(([property]) => property in results));
}
