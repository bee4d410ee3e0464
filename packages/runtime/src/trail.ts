import type { Log } from "./log.ts";
import type { Traces } from "./traces.ts";

/** What is done on the way from a reading to whoever is told of it: one line of the log each, and one span where tracing
 *  is on. A city's readings are millions a day, what is decided is some hundreds: hence the levels. */
const STEPS = {
  publish: { level: "debug", text: "reading accepted" },
  record: { level: "debug", text: "reading recorded" },
  decide: { level: "info", text: "episode decided" },
  dispatch: { level: "info", text: "episode dispatched" },
  ticket: { level: "info", text: "ticket changed" },
  notify: { level: "info", text: "notification attempted" },
  show: { level: "info", text: "shown to browsers" },
  command: { level: "info", text: "ticket command answered" },
} as const;
export type StepName = keyof typeof STEPS;

export interface Step {
  readonly name: StepName;
  /** What was done: done again after a crash, it is the same. */
  readonly id: string;
  /** readingKey() of the reading that it goes back to, the same in every service: the correlation id. undefined where
   *  there is none: an offline station has sent nothing, a region's process is no single reading's. */
  readonly reading: string | undefined;
  /** The step that led here; the reading's publish where not given. */
  readonly after?: readonly [name: StepName, id: string];
  /** When it began, by `wallTime`. It ended when it is told. */
  readonly from: number;
  readonly fields?: Readonly<Record<string, string | number>>;
  /** Why it came to nothing. */
  readonly failed?: string;
}

/** Epoch milliseconds of the wall, with fractions: how long a step took, whatever the demo's clock shows. */
export const wallTime = (): number => performance.timeOrigin + performance.now();

/** Tells what one service does with a reading and with what comes of it. */
export class Trail {
  readonly #log: Log;
  readonly #service: string;
  readonly #traces: Traces | undefined;

  constructor(log: Log, service: string, traces: Traces | undefined) {
    this.#log = log;
    this.#service = service;
    this.#traces = traces;
  }

  /** Those of the readings whose way is told, by key; none, at no cost, where nobody listens. */
  followed<R>(readings: Iterable<R>, keyOf: (reading: R) => string): readonly string[] {
    const traces = this.#traces;
    const all = this.#log.isLevelEnabled("debug");
    if (!all && !traces) return NOBODY;
    const keys = Array.from(readings, keyOf);
    return all ? keys : keys.filter((key) => traces?.samples(key));
  }

  /** Whether steps after the decision are told: for what has to be worked out only to be told. */
  get isTold(): boolean {
    return this.#traces !== undefined || this.#log.isLevelEnabled("info");
  }

  tell({ name, id, reading, after, from, fields, failed }: Step): void {
    const { level, text } = STEPS[name];
    const to = wallTime();
    const ms = Math.round((to - from) * 10) / 10;
    this.#log[level]({ reading, ...fields, ...(failed !== undefined && { failed }), ms }, text);
    if (reading === undefined || !this.#traces) return;
    const isReadings = name === "publish" || name === "record";
    if (isReadings && !this.#traces.samples(reading)) return;
    const root = name === "publish";
    this.#traces.span(this.#service, {
      ...{ name, id: `${name} ${id}`, reading, from, to, fields, failed },
      after: root ? null : (after ?? ["publish", reading]).join(" "),
    });
  }
}

const NOBODY: readonly string[] = [];
