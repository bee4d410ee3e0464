import { type Bus, decodeJson } from "@hotgrid/bus";
import { type CityCode, type DemoClockView, ReadingsMessage, readingSubject, type Station } from "@hotgrid/contracts";
import { type Clock, type Log, Rejected } from "@hotgrid/runtime";
import type { InspectionGrantStore, ReadingStore, SessionStore } from "@hotgrid/store";
import type { Demo } from "../console-dependencies.ts";
import type { IsoWriter } from "../core/iso-time.ts";
import { followLog } from "./follow-log.ts";
import { ReadingSummaries, summaryEvent } from "./reading-summaries.ts";
import type { StreamClient } from "./stream-client.ts";
import { type StreamHub, toAll } from "./stream-hub.ts";

/** Shortest pause between two summaries of readings, ms of the wall: under load a reading waits for half of it. Ours. */
const SUMMARY_MS = 20;
/** After a summary that took t the next one waits so many t at least: however many browsers listen, summaries take a
 *  twentieth of the process. Ours. */
const PAUSE_PER_WORK = 20;
/** Between two looks at the demo's clock, ms of the wall. Ours. */
const CLOCK_MS = 1000;
export interface PulseInput {
  readonly bus: Bus;
  readonly city: CityCode;
  readonly clock: Clock;
  readonly demo: Demo | null;
  readonly hub: StreamHub;
  readonly iso: IsoWriter;
  readonly readings: ReadingStore;
  readonly sessions: SessionStore;
  readonly grants: InspectionGrantStore;
  readonly heartbeatMs: number;
  readonly find: (stationId: string) => Station | undefined;
  readonly log: Log;
}

/** What the streams get by time instead of by the message: summaries of readings, the demo clock when it was set,
 *  heartbeats. */
export class Pulse {
  readonly #input: PulseInput;
  readonly #stop = new AbortController();
  #clockShown = "";
  #running: Promise<unknown> = Promise.resolve();
  #timers: NodeJS.Timeout[] = [];
  #summary: NodeJS.Timeout | undefined;
  /** When the next summary may be written, ms of the performance clock. */
  #summaryAt = 0;

  constructor(input: PulseInput) {
    this.#input = input;
  }

  async start(onBug: (error: unknown) => void): Promise<void> {
    const summaries = new ReadingSummaries(await this.#input.readings.latest());
    let next = (await this.#input.bus.info("readings")).lastSeq + 1;
    const { bus, city, log } = this.#input;
    const handle = ({ seq, data }: { seq: number; data: Uint8Array }) => {
      next = seq + 1;
      this.#gather(summaries, seq, data);
    };
    const following = {
      bus,
      stream: "readings",
      subject: readingSubject(city),
      from: () => next,
      handle,
      log,
    } as const;
    this.#running = followLog(following, this.#stop.signal).catch(onBug);
    this.#clockShown = this.#clockKey();
    this.#timers = [
      setInterval(() => this.#lookAtClock(), CLOCK_MS),
      setInterval(() => void this.#heartbeat().catch(onBug), this.#input.heartbeatMs),
    ];
  }

  /** What a browser is told at once: the demo clock; and, where it was away, every station's latest reading. */
  async greet(client: StreamClient, resumed: boolean): Promise<void> {
    const { clock, find, iso, readings } = this.#input;
    this.#showClock(client);
    if (!resumed) return;
    const latest = [...(await readings.latest())].map(
      ([id, { phenomenonTime, results }]): [string, number, typeof results] => [id, phenomenonTime, results],
    );
    client.offer(summaryEvent(iso(clock.now()), latest, find));
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#summary);
    this.#stop.abort(new Error("the console is closing"));
    await this.#running;
  }

  #gather(summaries: ReadingSummaries, seq: number, data: Uint8Array): void {
    try {
      summaries.add(decodeJson(ReadingsMessage, data));
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      this.#input.log.error({ err: error, seq }, "message of the readings log not decodable");
    }
    this.#summary ??= setTimeout(() => this.#summarize(summaries), Math.max(0, this.#summaryAt - performance.now()));
  }

  #summarize(summaries: ReadingSummaries): void {
    this.#summary = undefined;
    const { clock, find, hub, iso } = this.#input;
    const began = performance.now();
    const changed = summaries.take();
    if (changed.length > 0) hub.broadcast(summaryEvent(iso(clock.now()), changed, find));
    const ended = performance.now();
    this.#summaryAt = ended + Math.max(SUMMARY_MS, PAUSE_PER_WORK * (ended - began));
  }

  #lookAtClock(): void {
    const { hub } = this.#input;
    const key = this.#clockKey();
    if (key === this.#clockShown) return;
    this.#clockShown = key;
    for (const client of hub.clients) this.#showClock(client);
  }

  #clockKey(): string {
    return JSON.stringify(this.#input.demo?.clock());
  }

  #showClock(client: StreamClient): void {
    const { clock, demo, iso } = this.#input;
    if (!demo) return;
    const view: DemoClockView = { now: iso(clock.now()), clock: demo.clock() };
    client.offer(toAll("clock", JSON.stringify(view)));
  }

  async #heartbeat(): Promise<void> {
    for (const client of this.#input.hub.clients)
      if (await this.#isAdmitted(client)) client.heartbeat();
      else client.end();
  }

  /** Still logged in, and with the rights that the stream began with. */
  async #isAdmitted({ sessionToken, account }: StreamClient): Promise<boolean> {
    const session = await this.#input.sessions.find(sessionToken);
    const now = session && (await this.#input.grants.effective(session.account));
    return now?.division === account.division;
  }
}
