import type { DivisionCode, EpisodeEvent, Reading, Station, StationEvent } from "@hotgrid/contracts";
import { type AllEpisodes, advanceEpisodes, noEpisodes } from "./episodes/all-episodes.ts";
import { locateNext } from "./episodes/locate-sources.ts";
import type { Geography } from "./geography.ts";
import type { DetectionRules } from "./rules/detection-rules.ts";
import { createNetwork, type Network, resolveRules } from "./state/network.ts";
import { type Shape, shapeOf } from "./state/shape.ts";
import { readColumns, readHeader, writeSnapshot } from "./state/snapshot.ts";
import { type Hash, hashColumns, hashText, newHash } from "./state/state-hash.ts";
import { type Clockwork, clockwork } from "./tick/clockwork.ts";
import type { TickContext } from "./tick/context.ts";
import { assessDevices } from "./tick/device-stage.ts";
import type { Frame } from "./tick/frame.ts";
import { decideIncrements } from "./tick/increment-stage.ts";
import { type Counters, delaySoFar, judgeClocks, noCounts, takeIn } from "./tick/intake.ts";
import { qualityEvents } from "./tick/quality-events.ts";
import { assessQuality } from "./tick/quality-stage.ts";
import { assessStations } from "./tick/station-stage.ts";
import { takeWeather } from "./tick/weather-stage.ts";
import { tickMs } from "./time/tick-length.ts";
import { Watermark } from "./time/watermark.ts";

export interface DetectorInput {
  readonly city: DivisionCode;
  /** "+08:00": hours of the day and months are the city's. */
  readonly utcOffset: string;
  readonly stations: readonly Station[];
  readonly rules: DetectionRules;
  readonly geography: Geography;
}

export interface Decisions {
  readonly episodes: EpisodeEvent[];
  readonly quality: StationEvent[];
}

/** Turns the readings of one city, in the order of their log, into episodes and flags. Pure: no clock, no randomness,
 *  no I/O; the same readings give the same decisions, however they are split. */
export interface Detector {
  /** Takes one reading, and decides every minute that the watermark thereby closes. */
  ingest(reading: Pick<Reading, "stationId" | "phenomenonTime" | "resultTime" | "results">): void;
  /** The gateway's clock mark, epoch ms: moves event time on where the whole network is silent. */
  clock(at: number): void;
  /** Decides every minute that ends at or before `time`: for the end of a recording. */
  advance(time: number): void;
  /** What was decided since the last call. */
  take(): Decisions;
  /** Asks where the smoke of the last minute's episodes comes from, one step further, of well below a millisecond; an
   *  estimate takes some three hundred of them. False where there was nothing to ask. To be called when that minute's
   *  decisions are on their way. What is not asked for by then is asked before the next minute is decided, so that the
   *  events and their order are the same. */
  locate(): boolean;
  /** Is there a source left to ask for? */
  readonly isLocating: boolean;
  snapshot(): Uint8Array;
  /** Takes a snapshot's state. Returns the stations that start anew (new, or moved by more than 100 m). Throws an
   *  Error where it is of other rules, another format or damaged; the detector is then as if newly created. */
  restore(bytes: Uint8Array): string[];
  readonly counters: Readonly<Counters>;
  /** 64 bits over state after the last tick. */
  readonly stateHash: string;
  /** Latest decided minute, epoch ms, or null. */
  readonly decidedUntil: number | null;
}

interface Rest {
  readonly next: number | null;
  readonly marked: number;
  readonly delay: number | null;
  readonly counters: Counters;
  readonly hash: Hash;
  readonly episodes: AllEpisodes;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Above this delay of the network the readings are a replay or a backlog, and the clock says nothing about them. s. */
const TRUSTED_DELAY = 900;

export function createDetector(input: DetectorInput): Detector {
  return new StreamingDetector(input);
}

class StreamingDetector implements Detector {
  readonly #input: DetectorInput;
  readonly #shape: Shape;
  readonly #work: Clockwork;
  readonly #offsetMs: number;
  #network: Network;
  #watermark: Watermark;
  #counters = noCounts();
  #hash = newHash();
  #month = 0;
  #delay = Number.NaN;
  #state = noEpisodes();
  /** The estimate that has begun. No part of the snapshot: it is begun anew. */
  #locating: Generator<void, EpisodeEvent | null> | null = null;
  #episodes: EpisodeEvent[] = [];
  #quality: StationEvent[] = [];

  constructor(input: DetectorInput) {
    this.#input = input;
    this.#shape = shapeOf(tickMs(input.stations.map((s) => s.intervalSeconds)));
    this.#work = clockwork(this.#shape, input.rules);
    this.#offsetMs = offsetMs(input.utcOffset);
    this.#network = createNetwork(input.stations, input.rules, this.#shape);
    this.#watermark = this.#newWatermark();
  }

  #newWatermark(): Watermark {
    const { time } = this.#input.rules;
    const { tickMs } = this.#shape;
    return new Watermark(this.#network.columns.latestTick, {
      lateness: Math.round((time.latenessSeconds * 1000) / tickMs),
      patience: Math.ceil((time.futureSeconds * 1000) / tickMs),
      active: Math.max(2, Math.ceil((time.activeMinutes * MINUTE_MS) / tickMs)),
      quorum: time.quorum,
      minority: time.minority,
    });
  }

  get counters(): Readonly<Counters> {
    return this.#counters;
  }
  get stateHash(): string {
    return hashText(this.#hash);
  }
  get decidedUntil(): number | null {
    return this.#watermark.next === null ? null : this.#watermark.next * this.#shape.tickMs;
  }

  ingest(reading: Parameters<Detector["ingest"]>[0]): void {
    const { rules } = this.#input;
    takeIn(
      {
        network: this.#network,
        shape: this.#shape,
        watermark: this.#watermark,
        counters: this.#counters,
        futureMs: rules.time.futureSeconds * 1000,
      },
      reading,
    );
    this.#closeDue();
  }

  clock(at: number): void {
    const delay = Number.isFinite(this.#delay) ? this.#delay : delaySoFar(this.#network);
    if (Math.abs(delay) > TRUSTED_DELAY) return;
    // A network that reports by the hour sends an hour's value when it is over.
    const patience = this.#shape.tickMs > MINUTE_MS ? this.#shape.tickMs : 0;
    const lateness = this.#input.rules.time.latenessSeconds * 1000;
    this.advance(at - lateness - patience);
  }

  advance(time: number): void {
    this.#watermark.mark(Math.floor(time / this.#shape.tickMs) - 1);
    this.#closeDue();
  }

  take(): Decisions {
    const decisions = { episodes: this.#episodes, quality: this.#quality };
    this.#episodes = [];
    this.#quality = [];
    return decisions;
  }

  get isLocating(): boolean {
    return this.#state.local.due.ids.length > 0;
  }

  locate(): boolean {
    if (!this.isLocating) return false;
    this.#locating ??= this.#startLocating();
    const { done, value } = this.#locating.next();
    if (!done) return true;
    this.#locating = null;
    if (value) this.#episodes.push(value);
    return true;
  }

  #startLocating(): Generator<void, EpisodeEvent | null> {
    const { local } = this.#state;
    const { tick } = local.due;
    this.#followMonth(tick);
    return locateNext(local, this.#contextOf(tick, []));
  }

  #contextOf(tick: number, look: TickContext["look"]): TickContext {
    const { rules, geography, city } = this.#input;
    const hour = this.#localTime(tick).getUTCHours();
    return { tick, network: this.#network, rules, work: this.#work, geography, city, hour, look };
  }

  /** The city's clock, in the fields for UTC. */
  #localTime(tick: number): Date {
    return new Date(tick * this.#shape.tickMs + this.#offsetMs);
  }

  #closeDue(): void {
    while (this.#watermark.isDue()) this.#jumpGap() || this.#close();
  }

  /** A hole of days is not walked minute by minute: nothing is decided in it, what was learned stays. */
  #jumpGap(): boolean {
    const { next } = this.#watermark;
    const longest = Math.ceil((this.#input.rules.time.longestGapHours * HOUR_MS) / this.#shape.tickMs);
    const target = Math.max(this.#watermark.marked + 1, this.#watermark.bulk());
    if (next === null || target - next <= longest) return false;
    // The windows must run empty before the first reading after the hole: an hour of silent minutes does it.
    this.#watermark.moveTo(target - this.#work.ticks(60) - this.#shape.pending);
    return true;
  }

  #close(): void {
    const tick = this.#watermark.next;
    if (tick === null) return;
    while (this.locate());
    const network = this.#network;
    const { rules } = this.#input;
    this.#followMonth(tick);
    const hour = this.#localTime(tick).getUTCHours();
    if (tick % this.#work.ticks(5) === 0) this.#delay = judgeClocks(network);
    takeWeather(network, tick, this.#shape);
    const notice = this.#state.regional.open !== null;
    const look = network.channels.map((channels) => {
      const { columns } = channels;
      const frame: Frame = { channels, columns, network, tick, hour, rules, work: this.#work, notice };
      assessQuality(frame);
      const stations = decideIncrements(frame);
      assessDevices(frame);
      return stations;
    });
    const context = this.#contextOf(tick, look);
    assessStations(context);
    this.#conclude(context);
    for (const channels of network.channels) hashColumns(this.#hash, channels.columns);
    this.#counters.ticks++;
    this.#watermark.moveTo(tick + 1);
  }

  #conclude(context: TickContext): void {
    for (const event of advanceEpisodes(this.#state, context)) this.#episodes.push(event);
    // Not spread into push: the first tick of a large city has more flags than a call has room for arguments.
    for (const event of qualityEvents(context)) this.#quality.push(event);
  }

  #followMonth(tick: number): void {
    const month = this.#localTime(tick).getUTCMonth() + 1;
    if (month === this.#month) return;
    this.#month = month;
    resolveRules(this.#network, this.#input.rules, month);
  }

  snapshot(): Uint8Array {
    const rest: Rest = {
      next: this.#watermark.next,
      marked: this.#watermark.marked,
      delay: Number.isFinite(this.#delay) ? this.#delay : null,
      counters: this.#counters,
      hash: this.#hash,
      episodes: this.#state,
    };
    const { version } = this.#input.rules;
    return writeSnapshot(this.#network, { ruleVersion: version, tickMs: this.#shape.tickMs, rest });
  }

  restore(bytes: Uint8Array): string[] {
    const { header, columnsAt } = readHeader(bytes);
    const { version } = this.#input.rules;
    if (header.ruleVersion !== version)
      throw new Error(`snapshot is of rules ${header.ruleVersion}, these are ${version}`);
    if (header.tickMs !== this.#shape.tickMs)
      throw new Error(`snapshot has ticks of ${header.tickMs} ms, this network ${this.#shape.tickMs}`);
    const network = createNetwork(this.#input.stations, this.#input.rules, this.#shape);
    const anew = readColumns(bytes, columnsAt, header, network);
    const rest = header.rest as Rest;
    this.#network = network;
    this.#month = 0;
    this.#watermark = this.#newWatermark();
    this.#watermark.next = rest.next;
    this.#watermark.marked = rest.marked;
    this.#watermark.recount();
    this.#delay = rest.delay ?? Number.NaN;
    this.#counters = { ...noCounts(), ...rest.counters };
    this.#hash = rest.hash;
    this.#state = rest.episodes;
    this.#locating = null;
    return anew;
  }
}

function offsetMs(utcOffset: string): number {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(utcOffset);
  if (!match) throw new Error(`utcOffset must look like +08:00, not ${utcOffset}`);
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * HOUR_MS + Number(match[3]) * MINUTE_MS);
}
