import type { Scenario, Source } from "./scenario.ts";

/** What a source truly added at a station, without background and noise. */
export interface StationTruth {
  readonly stationId: string;
  /** Its first emitted property; the others are in proportion to the emission. */
  readonly observedProperty: string;
  /** Unit of the property. */
  readonly peak: number;
  /** First minute with at least 20 µg/m³, ISO 8601, or null. */
  readonly firstAt20: string | null;
  /** Minutes, not necessarily in a row, with at least this much. */
  readonly minutesAbove: { readonly 20: number; readonly 40: number; readonly 80: number };
  /** Means of the minutes from `from` on, in the property's unit. */
  readonly from: string;
  readonly increments: readonly number[];
}

export interface SourceTruth {
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
  readonly from: string;
  readonly to: string;
  readonly emission: Source["emission"];
  readonly stations: readonly StationTruth[];
}

/** The truth part of a result file. Times ISO 8601 with the scenario's offset. */
export interface Truth {
  readonly scenario: string;
  readonly seed: number;
  readonly from: string;
  readonly to: string;
  readonly sources: readonly SourceTruth[];
  readonly regional: readonly Timed<Scenario["regional"][number]>[];
  readonly faults: readonly Timed<Scenario["faults"][number]>[];
  readonly interference: readonly Timed<Scenario["interference"][number]>[];
  readonly nuisance: readonly Timed<Scenario["nuisance"][number]>[];
}
type Timed<T> = Omit<T, "from" | "to"> & { readonly from: string; readonly to: string };

/** Increments below this are not kept, µg/m³. Ours: a third of what a good micro station could tell from noise. */
const LEAST_INCREMENT = 1;
const LEVELS = [20, 40, 80] as const;

interface Trace {
  firstMinute: number;
  readonly increments: number[];
}

/** Notes minute by minute what each source adds at each station. */
export class TruthRecorder {
  readonly #stationIds: readonly string[];
  readonly #traces = new Map<Source, Map<number, Trace>>();

  constructor(stationIds: readonly string[]) {
    this.#stationIds = stationIds;
  }

  /** `perGram`: µg/m³ per g/s at each station. */
  note(source: Source, minute: number, perGram: Float64Array): void {
    const traces = this.#traces.get(source) ?? new Map<number, Trace>();
    this.#traces.set(source, traces);
    const [, rate] = leading(source);
    for (let s = 0; s < perGram.length; s++) {
      const increment = rate * (perGram[s] ?? 0);
      const trace = traces.get(s);
      if (!trace && increment < LEAST_INCREMENT) continue;
      const kept = trace ?? { firstMinute: minute, increments: [] };
      if (!trace) traces.set(s, kept);
      kept.increments[minute - kept.firstMinute] = Math.round(increment * 10) / 10;
    }
  }

  truth(scenario: Scenario, isoAt: (hour: number) => string): Truth {
    const timed = <T extends { from: number; to: number }>(entries: readonly T[]) =>
      entries.map((entry) => ({ ...entry, from: isoAt(entry.from), to: isoAt(entry.to) }));
    return {
      scenario: scenario.name,
      seed: scenario.seed,
      from: isoAt(0),
      to: isoAt(scenario.hours),
      sources: scenario.sources.map((source) => this.#sourceTruth(source, isoAt)),
      regional: timed(scenario.regional),
      faults: timed(scenario.faults),
      interference: timed(scenario.interference),
      nuisance: timed(scenario.nuisance),
    };
  }

  #sourceTruth(source: Source, isoAt: (hour: number) => string): SourceTruth {
    const { id, lon, lat, emission, from, to } = source;
    const [observedProperty] = leading(source);
    const stations = [...(this.#traces.get(source) ?? [])].map(([s, { firstMinute, increments }]) => {
      const first = increments.findIndex((increment) => increment >= LEVELS[0]);
      const above = (level: number) => increments.filter((increment) => increment >= level).length;
      return {
        stationId: this.#stationIds[s] ?? "",
        observedProperty,
        peak: Math.max(...increments),
        firstAt20: first < 0 ? null : isoAt((firstMinute + first) / 60),
        minutesAbove: { 20: above(LEVELS[0]), 40: above(LEVELS[1]), 80: above(LEVELS[2]) },
        from: isoAt(firstMinute / 60),
        increments: trimmed(increments),
      };
    });
    return { id, lon, lat, from: isoAt(from), to: isoAt(to), emission, stations };
  }
}

function leading(source: Source): [property: string, rate: number] {
  const [first] = Object.entries(source.emission);
  if (!first) throw new Error(`source ${source.id} emits nothing`);
  return [first[0], first[1] ?? 0];
}

/** Without the zeros at the end, which say only that the smoke of a source still travels elsewhere. */
function trimmed(increments: readonly number[]): number[] {
  const last = increments.findLastIndex((increment) => increment > 0);
  return Array.from(increments.slice(0, last + 1), (increment) => increment ?? 0);
}
