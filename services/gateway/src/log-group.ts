import type { Entry } from "@hotgrid/bus";
import { type StationEvent, type StreamKey, stationSubject } from "@hotgrid/contracts";
import type { Unavailable } from "@hotgrid/runtime";
import { readingsEntries } from "./core/readings-entries.ts";

/** What one publish gives the log, and whom to tell. It may wait long: nothing that was decoded hangs on it. */
export interface Gathered {
  readonly city: string;
  /** Readings as JSON. */
  readonly texts: readonly string[];
  readonly deadLetters: readonly Entry[];
  /** False once its publisher has gone without an answer: it will send again. */
  readonly wanted: () => boolean;
  /** Called once: with nothing when it is durable, else with why it is not. */
  readonly settle: (error?: Unavailable) => void;
}

/** What goes to the log in one append. */
export class LogGroup {
  #publishes: Gathered[] = [];
  #readings = 0;
  #bytes = 0;
  /** Newest event per station and kind, and newest clock mark per city: an outage can't make them grow. */
  readonly #events = new Map<string, { readonly city: string; readonly event: StationEvent }>();
  readonly #marks = new Map<string, number>();

  get publishes(): number {
    return this.#publishes.length;
  }
  get readings(): number {
    return this.#readings;
  }
  get bytes(): number {
    return this.#bytes;
  }
  get isEmpty(): boolean {
    return this.#publishes.length + this.#events.size + this.#marks.size === 0;
  }

  add(publish: Gathered): void {
    this.#publishes.push(publish);
    this.#readings += publish.texts.length;
    this.#bytes += bytesOf(publish);
  }

  event(city: string, event: StationEvent): void {
    const name = event.kind === "unknown-property" ? event.property : "";
    this.#events.set(`${event.stationId} ${event.kind} ${name}`, { city, event });
  }

  mark(city: string, at: number): void {
    this.#marks.set(city, at);
  }

  /** Entries per stream, the readings last: dead letters are durable before the answer as well. */
  entries(): [StreamKey, readonly Entry[]][] {
    const stations = [...this.#events.values()].map(({ city, event }) => ({
      subject: stationSubject(city),
      data: Buffer.from(JSON.stringify(event)),
    }));
    const all: [StreamKey, readonly Entry[]][] = [
      ["deadLetters", this.#publishes.flatMap((publish) => publish.deadLetters)],
      ["stations", stations],
      ["readings", readingsEntries(this.#publishes, this.#marks)],
    ];
    return all.filter(([, entries]) => entries.length > 0);
  }

  settle(error?: Unavailable): void {
    for (const publish of this.#publishes) publish.settle(error);
    this.#publishes = [];
    this.#readings = 0;
    this.#bytes = 0;
  }

  /** Drops what nobody waits for any more; its publisher will send it again. */
  dropUnwanted(): void {
    this.#publishes = this.#publishes.filter((publish) => publish.wanted());
    this.#readings = this.#publishes.reduce((sum, { texts }) => sum + texts.length, 0);
    this.#bytes = this.#publishes.reduce((sum, publish) => sum + bytesOf(publish), 0);
  }
}

function bytesOf({ texts, deadLetters }: Gathered): number {
  let bytes = 0;
  for (const text of texts) bytes += text.length;
  for (const letter of deadLetters) bytes += letter.data.byteLength;
  return bytes;
}
