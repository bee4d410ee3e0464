import type { DivisionCode, Episode, Reading, Station } from "@hotgrid/contracts";
import { createDetector, type Detector, type Geography, parseRules } from "@hotgrid/detection";
import { DEFAULT_LIMITS, decodePublish } from "@hotgrid/gateway-service";
import { createGrid, type Grid } from "@hotgrid/grid";
import type { Seeds } from "@hotgrid/store";
import { encodeReading } from "../mqtt/encode-reading.ts";
import type { Counts } from "../result-file.ts";
import type { Scenario } from "../scenario.ts";
import type { Truth } from "../truth.ts";
import { createWorld, offsetOf, type World } from "../world.ts";

export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly stations: readonly Station[];
  readonly counts: Counts;
  /** Last state of each episode of the scored time (the warm-up's are left out), in order of start. */
  readonly episodes: readonly Episode[];
  /** By episode, the division whose officer is sent: that of its first confirmed revision, which no estimate may have
   *  sharpened yet. */
  readonly asked: ReadonlyMap<string, DivisionCode>;
  readonly truth: Truth;
  /** Epoch ms of the scored time. */
  readonly from: number;
  readonly to: number;
}

export interface RunOptions {
  readonly seeds: Seeds;
  readonly grid: Grid;
  /** Sees each reading that the gateway took, in order: the baselines. */
  readonly onReading?: (reading: Reading) => void;
  readonly onProgress?: (done: number) => void;
}

export const gridOf = (seeds: Seeds): Grid =>
  createGrid({ city: seeds.city.code, divisions: seeds.divisions, areas: seeds.areas });

/** Time from a station to the gateway, ms. Ours. */
const TRANSPORT_MS = 300;
/** Event time after the scenario's end in which what it began is decided, ms. Ours. */
const RUN_ON_MS = 10 * 60_000;
const MINUTE_MS = 60_000;

/** Runs a scenario in process through the gateway's own validation and the detector, in the order of time. */
export function runScenario(scenario: Scenario, stations: readonly Station[], options: RunOptions): ScenarioRun {
  const world = createWorld(scenario, stations);
  const detector = detectorOf(options, stations);
  const intake = new Intake(world, detector, options.onReading ?? (() => undefined));
  const episodes = new Map<string, Episode>();
  const asked = new Map<string, DivisionCode>();
  const collect = () => {
    for (const { episode } of detector.take().episodes) {
      episodes.set(episode.id, episode);
      if (episode.confirmedAt !== null && !asked.has(episode.id)) asked.set(episode.id, episode.division);
    }
  };
  for (let minute = world.firstMinute; minute < world.endMinute; minute++) {
    intake.take(minute);
    collect();
    options.onProgress?.((minute + 1 - world.firstMinute) / (world.endMinute - world.firstMinute));
  }
  const to = world.start + world.endMinute * MINUTE_MS;
  detector.advance(to + RUN_ON_MS);
  while (detector.locate());
  collect();
  return {
    scenario,
    stations,
    counts: intake.counts(),
    episodes: [...episodes.values()]
      .filter((episode) => (episode.endedAt ?? to) >= world.start)
      .toSorted((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1)),
    asked,
    truth: world.truth(),
    from: world.start,
    to,
  };
}

function detectorOf({ seeds, grid }: RunOptions, stations: readonly Station[]): Detector {
  const geography: Geography = {
    locate: (lon, lat) => grid.locate(lon, lat),
    nameOf: (code) => grid.divisions.get(code)?.name ?? code,
  };
  const { code: city, utcOffset } = seeds.city;
  return createDetector({ city, utcOffset, stations, rules: parseRules(seeds.rules), geography });
}

/** The gateway's part: encodes as a station does, validates as the gateway does, counts as the recorder does. */
class Intake {
  readonly #world: World;
  readonly #detector: Detector;
  readonly #onReading: (reading: Reading) => void;
  readonly #offsetMs: number;
  readonly #deadLettered: Record<string, number> = {};
  #published = 0;
  #stored = 0;
  #duplicate = 0;
  /** Keys of this and of the last hour: copies come within minutes. */
  #keys = new Set<string>();
  #olderKeys = new Set<string>();

  constructor(world: World, detector: Detector, onReading: (reading: Reading) => void) {
    this.#world = world;
    this.#detector = detector;
    this.#onReading = onReading;
    this.#offsetMs = offsetOf(world.scenario.start);
  }

  take(minute: number): void {
    const { futureMs, ageMs } = DEFAULT_LIMITS;
    const readings = this.#world.readingsAt(minute);
    for (const reading of readings) {
      const json = encodeReading(reading, this.#world.scenario.intervalSeconds, this.#offsetMs);
      const bounds = { now: reading.sentAt + TRANSPORT_MS, futureMs, ageMs };
      const decoded = decodePublish(reading.stationId, Buffer.from(json), bounds);
      this.#published += 1;
      for (const { reason } of decoded.refused) this.#deadLettered[reason] = (this.#deadLettered[reason] ?? 0) + 1;
      for (const taken of decoded.readings) this.#pass(taken);
    }
    if (readings.length === 0) this.#detector.clock(this.#world.start + (minute + 1) * MINUTE_MS);
    if (minute % 60 === 0) [this.#olderKeys, this.#keys] = [this.#keys, new Set()];
  }

  #pass(reading: Reading): void {
    const key = `${reading.stationId}@${reading.phenomenonTime}`;
    if (this.#keys.has(key) || this.#olderKeys.has(key)) this.#duplicate += 1;
    else this.#stored += 1;
    this.#keys.add(key);
    this.#detector.ingest(reading);
    this.#onReading(reading);
  }

  counts(): Counts {
    return {
      published: this.#published,
      acknowledged: this.#published,
      stored: this.#stored,
      duplicate: this.#duplicate,
      late: this.#detector.counters.late,
      deadLettered: this.#deadLettered,
    };
  }
}
