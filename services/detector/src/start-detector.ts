import { setTimeout as pause } from "node:timers/promises";
import { decodeJson, Fenced, type LogMessage, type Writer } from "@hotgrid/bus";
import {
  type CityCode,
  cityOf,
  episodeSubject,
  ReadingsMessage,
  readingSubject,
  type Station,
} from "@hotgrid/contracts";
import { createDetector, type Detector, type DetectorInput, parseRules } from "@hotgrid/detection";
import { Rejected, Trail, wallTime } from "@hotgrid/runtime";
import { gridGeography } from "./adapters/grid-geography.ts";
import { type Opened, openDetector } from "./open-detector.ts";
import type { DetectorDependencies, DetectorService } from "./ports.ts";
import { publishDecisions } from "./publish-decisions.ts";
import { refuseMessage } from "./refuse-message.ts";

/** Log messages taken at once; ours. */
const BATCH = 32;
/** For so long the process does nothing but look for the source of smoke, and then as long what else there is, ms: a
 *  reading has some four turns of the event loop to its event in the console, a ticket dozens to the phone. Ours. */
const LOCATE_MS = 3;
const SNAPSHOT_PAUSE_MS = 5000;
const SNAPSHOT_TICKS = 10;

export async function startDetector(dependencies: DetectorDependencies): Promise<DetectorService> {
  const service = new DetectorLoop(dependencies);
  await service.open();
  return service;
}

class DetectorLoop implements DetectorService {
  readonly #given: DetectorDependencies;
  readonly #city: CityCode;
  readonly #trail: Trail;
  readonly #stop = new AbortController();
  #input: DetectorInput;
  #opened: Opened | null = null;
  #writer: Writer | null = null;
  #position = 0;
  #published = 0;
  #saved = { ticks: 0, wallMs: 0, position: -1 };
  #snapshots = 0;
  #undecodable = 0;
  /** What must not overlap: a batch, a snapshot, a change of the list. */
  #turn: Promise<void> = Promise.resolve();
  stopped: Promise<void> = Promise.resolve();

  constructor(given: DetectorDependencies) {
    this.#given = given;
    this.#city = cityOf(given.city);
    this.#trail = new Trail(given.log, "detector", given.traces);
    this.#input = {
      city: given.grid.city,
      utcOffset: given.utcOffset ?? "+08:00",
      stations: given.stations,
      rules: parseRules(given.rules),
      geography: gridGeography(given.grid),
    };
  }

  get #detector(): Opened["detector"] {
    if (!this.#opened) throw new Error("the detector is not open");
    return this.#opened.detector;
  }

  get #claim(): Writer {
    if (!this.#writer) throw new Error("the detector is not open");
    return this.#writer;
  }

  async open(): Promise<void> {
    const { snapshots, bus, log } = this.#given;
    // First: what the snapshot says can't be overtaken by its writer any more.
    this.#writer = await bus.claim("episodes", episodeSubject(this.#city));
    this.#opened = await openDetector(this.#input, snapshots, bus, log);
    this.#position = this.#opened.position;
    this.#published = this.#position;
    this.#saved = { ticks: this.#detector.counters.ticks, wallMs: performance.now(), position: this.#position };
    this.stopped = this.#run();
  }

  async #run(): Promise<void> {
    const options = { from: this.#position + 1, subject: readingSubject(this.#city), batch: BATCH };
    try {
      for await (const messages of this.#given.bus.read("readings", options, this.#stop.signal)) {
        await this.#inTurn(() => this.#decide(messages));
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.#turn.then(work);
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async #decide(messages: readonly LogMessage[]): Promise<void> {
    const from = wallTime();
    for (const message of messages) {
      await this.#ingest(message);
      this.#position = message.seq;
    }
    await this.#publish(from);
    await this.#locate();
    this.#published = this.#position;
    await this.#saveWhenDue();
  }

  /** Decisions first, where the smoke comes from after them; the process's other work has its turn in between. */
  async #locate(): Promise<void> {
    const from = wallTime();
    while (this.#detector.isLocating) {
      await pause(LOCATE_MS);
      const until = performance.now() + LOCATE_MS;
      while (this.#detector.locate() && performance.now() < until);
      await this.#publish(from);
    }
  }

  /** @param from when the work on them began, for the trace */
  #publish(from: number): Promise<void> {
    const { bus, log } = this.#given;
    const [trail, signal] = [this.#trail, this.#stop.signal];
    const publication = { bus, writer: this.#claim, city: this.#city, trail, from, log, signal };
    return publishDecisions(publication, this.#detector.take());
  }

  async #ingest(message: LogMessage): Promise<void> {
    let decoded: ReadingsMessage;
    try {
      decoded = decodeJson(ReadingsMessage, message.data);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      this.#undecodable++;
      await refuseMessage(this.#given, this.#city, message, error);
      return;
    }
    if (decoded.kind === "clock") this.#detector.clock(decoded.at);
    else for (const reading of decoded.readings) this.#detector.ingest(reading);
  }

  async #saveWhenDue(): Promise<void> {
    const ticks = this.#detector.counters.ticks - this.#saved.ticks;
    const rested = performance.now() - this.#saved.wallMs >= (this.#given.snapshotPauseMs ?? SNAPSHOT_PAUSE_MS);
    if (ticks >= (this.#given.snapshotEveryTicks ?? SNAPSHOT_TICKS) && rested) await this.#save();
  }

  /** A snapshot that can't be written is only a longer replay after the next start. */
  async #save(): Promise<void> {
    const { snapshots, log } = this.#given;
    const position = this.#published;
    try {
      await this.#claim.check();
      await snapshots.write({ position, state: this.#detector.snapshot() });
      this.#snapshots++;
    } catch (err) {
      if (err instanceof Fenced) throw err;
      log.warn({ err, place: snapshots.place }, "snapshot not written, will be tried again");
    }
    this.#saved = { ticks: this.#detector.counters.ticks, wallMs: performance.now(), position };
  }

  counters() {
    return { ...this.#detector.counters, snapshots: this.#snapshots, undecodable: this.#undecodable };
  }
  position(): number {
    return this.#published;
  }
  decidedUntil(): number | null {
    return this.#detector.decidedUntil;
  }

  refresh(stations: readonly Station[]): Promise<void> {
    return this.#inTurn(async () => {
      const state = this.#detector.snapshot();
      this.#input = { ...this.#input, stations };
      this.#opened = { detector: this.#renewed(state), position: this.#position };
      // A replay from an older snapshot would run with the new list: bind the change to its place in the log.
      await this.#save();
    });
  }

  #renewed(state: Uint8Array): Detector {
    const { log } = this.#given;
    const { stations } = this.#input;
    const detector = createDetector(this.#input);
    try {
      const anew = detector.restore(state);
      log.info({ stations: stations.length, anew: anew.length }, "list of stations renewed");
      return detector;
    } catch (err) {
      log.warn({ err }, "the new list reports at another pace, learning starts anew");
      return createDetector(this.#input);
    }
  }

  async abandon(): Promise<void> {
    this.#stop.abort(new Error("the city is another instance's"));
    await this.stopped.catch(() => undefined);
    await this.#turn;
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error("the detector is stopping"));
    await this.stopped.catch(() => undefined);
    await this.#inTurn(async () => {
      if (this.#position === this.#published && this.#published !== this.#saved.position) await this.#save();
    });
  }
}
