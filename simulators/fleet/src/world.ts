import type { Results, Station } from "@hotgrid/contracts";
import { Ailment, type Sent } from "./physics/faults.ts";
import { Levels } from "./physics/levels.ts";
import { mistAt } from "./physics/misting.ts";
import { tangentPlane } from "./physics/plane.ts";
import { Random, SlowNoise } from "./physics/random.ts";
import { COMMON_WIND_DEGREES, MISSING, SensorBox } from "./physics/sensors.ts";
import type { Interference, Scenario, Source } from "./scenario.ts";
import { type Truth, TruthRecorder } from "./truth.ts";

/** What a station sends. */
export interface SimulatedReading {
  /** Index into the world's stations. */
  readonly station: number;
  readonly stationId: string;
  /** When it is sent, epoch ms. */
  readonly sentAt: number;
  /** By the station's clock, epoch ms: differs where the clock is wrong. */
  readonly phenomenonTime: number;
  readonly results: Results;
}

export interface World {
  readonly scenario: Scenario;
  readonly stations: readonly Station[];
  /** Epoch ms of the scenario's start: minute 0. Live begins here. */
  readonly start: number;
  /** First minute of the warm-up (negative) and the minute after the scenario's last; the world itself never ends. */
  readonly firstMinute: number;
  readonly endMinute: number;
  /** Readings sent within a minute after the start, in order of time. Minutes are asked for once, one after the other,
   *  from `firstMinute` on. */
  readingsAt(minute: number): readonly SimulatedReading[];
  /** Adds a source while the world runs; its hours count from the start. */
  light(source: Source): void;
  /** What truly happened in the minutes asked for so far. */
  truth(): Truth;
}

const MINUTE_MS = 60_000;

/** What a station's sensors show at a moment. */
interface Sample {
  readonly index: number;
  readonly at: number;
  readonly results: Results;
}

/** A world is determined by scenario, stations and start: the same readings on every machine that computes as IEEE 754
 *  says. `start` (epoch ms) overrides the scenario's. */
export function createWorld(scenario: Scenario, stations: readonly Station[], options: { start?: number } = {}): World {
  return new SimulatedWorld(scenario, stations, options.start ?? Date.parse(scenario.start));
}

class SimulatedWorld implements World {
  readonly scenario: Scenario;
  readonly stations: readonly Station[];
  readonly start: number;
  readonly firstMinute: number;
  readonly endMinute: number;
  readonly #levels: Levels;
  readonly #recorder: TruthRecorder;
  readonly #boxes: readonly SensorBox[];
  readonly #ailments: ReadonlyMap<string, readonly Ailment[]>;
  readonly #mists: ReadonlyMap<string, readonly Interference[]>;
  readonly #phases: readonly number[];
  readonly #gaps: Random;
  readonly #windError: SlowNoise;
  readonly #offsetMs: number;
  #next: number;

  constructor(scenario: Scenario, stations: readonly Station[], start: number) {
    this.scenario = scenario;
    this.stations = stations;
    this.start = start;
    this.firstMinute = -Math.round(scenario.warmupHours * 60);
    this.endMinute = Math.round(scenario.hours * 60);
    this.#next = this.firstMinute;
    this.#offsetMs = offsetOf(scenario.start);
    const plane = tangentPlane(stations);
    this.#recorder = new TruthRecorder(stations.map((station) => station.id));
    this.#levels = new Levels(
      scenario,
      plane,
      stations.map((station) => plane.toPoint(station)),
      new Set(stations.flatMap((station) => station.properties)),
      (source, minute, perGram) => this.#recorder.note(source, minute, perGram),
    );
    this.#boxes = stations.map((station, index) => new SensorBox(scenario.seed, station, index));
    this.#ailments = Map.groupBy(
      scenario.faults.map((fault, i) => new Ailment(fault, new Random(scenario.seed, `fault/${i}`))),
      (ailment) => ailment.stationId,
    );
    this.#mists = Map.groupBy(scenario.interference, (interference) => interference.station);
    const phases = new Random(scenario.seed, "phases");
    const phaseSpan = Math.min(60, scenario.intervalSeconds);
    this.#phases = stations.map(() => Math.floor(phases.uniform() * phaseSpan) * 1000);
    this.#gaps = new Random(scenario.seed, "gaps");
    this.#windError = new SlowNoise(new Random(scenario.seed, "wind-error"), COMMON_WIND_DEGREES, 180);
  }

  light(source: Source): void {
    this.#levels.light(source);
  }

  truth(): Truth {
    return this.#recorder.truth(this.scenario, (hour) => isoWithOffset(this.start + hour * 3_600_000, this.#offsetMs));
  }

  readingsAt(minute: number): readonly SimulatedReading[] {
    if (minute !== this.#next) throw new RangeError(`minute ${this.#next} comes next, not ${minute}`);
    this.#next += 1;
    const begin = this.start + minute * MINUTE_MS;
    const hourOfDay = (((begin + this.#offsetMs) / 3_600_000) % 24) as number;
    const air = this.#levels.step(minute, hourOfDay);
    const windError = this.#windError.step();
    const intervalMs = this.scenario.intervalSeconds * 1000;
    const samples: Sample[] = [];
    for (const [index, station] of this.stations.entries()) {
      const phase = this.#phases[index] ?? 0;
      const mist = mistAt(this.#mists.get(station.id) ?? [], minute);
      const first = Math.ceil((begin - this.start - phase) / intervalMs) * intervalMs + phase + this.start;
      for (let at = first; at < begin + MINUTE_MS; at += intervalMs) {
        samples.push({ index, at, results: this.#boxes[index]?.sample(this.#levels, air, mist, windError) ?? {} });
      }
    }
    return samples
      .flatMap((sample) => this.#sent(sample, samples, minute))
      .sort((a, b) => a.sentAt - b.sentAt || a.station - b.station);
  }

  #sent({ index, at, results }: Sample, samples: readonly Sample[], minute: number): SimulatedReading[] {
    const stationId = this.stations[index]?.id ?? "";
    let sent: Sent = { results, skewMs: 0, copies: this.#gaps.uniform() < MISSING ? 0 : 1 };
    for (const ailment of this.#ailments.get(stationId) ?? []) {
      if (ailment.isActive(minute)) sent = ailment.apply(sent, minute, this.#shownBy(ailment, index, samples));
    }
    const reading = { station: index, stationId, sentAt: at, phenomenonTime: at + sent.skewMs, results: sent.results };
    return Array.from({ length: sent.copies }, () => reading);
  }

  /** What the other station of a foreign feed shows in this minute. */
  #shownBy({ of }: Ailment, index: number, samples: readonly Sample[]): Results {
    const named = this.stations.findIndex(({ id }) => id === of);
    const other = named >= 0 ? named : (index + 1) % this.stations.length;
    return samples.find((sample) => sample.index === other)?.results ?? {};
  }
}

/** ms east of UTC of an ISO 8601 time. */
export function offsetOf(iso: string): number {
  const match = /([+-])(\d{2}):(\d{2})$/.exec(iso);
  if (!match) return 0;
  const [, sign, hours, minutes] = match;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

/** ISO 8601 with the offset, to the second (or millisecond where there is one). */
export function isoWithOffset(time: number, offsetMs: number): string {
  const local = new Date(Math.round(time) + offsetMs).toISOString().replace(".000Z", "Z").slice(0, -1);
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const pad = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${local}${offsetMs < 0 ? "-" : "+"}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}
