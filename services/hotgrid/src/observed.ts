import type { ConsoleDependencies } from "@hotgrid/console-service";
import { Counter, Histogram, type Registry } from "prom-client";

/** Metrics of what happens once and is not counted anywhere else: told as it happens. */

/** Upper bounds, s. Ours: a reading of now, of the last minutes, late ones (2 min, docs/detection.md), and what a station
 *  had kept. */
const DELAYS = [1, 5, 15, 60, 120, 300, 900, 3600, 86_400];
/** Upper bounds, s. Ours: about the aims for the console's questions. */
const ANSWERS = [0.01, 0.02, 0.05, 0.1, 0.3, 1, 5];
/** Its answer ends when the browser goes. */
const LIVE_STREAM = "/stream";

/** How old readings are when the gateway has them. */
export function observeDelays(registry: Registry): (seconds: number) => void {
  const delays = new Histogram({
    name: "hotgrid_recorder_reading_delay_seconds",
    help: "From when a reading was measured, by its station's clock, until the gateway had it",
    buckets: DELAYS,
    registers: [registry],
  });
  return (seconds) => delays.observe(seconds);
}

/** What the console answers, and how soon. */
export function observeAnswers(registry: Registry): NonNullable<ConsoleDependencies["onAnswer"]> {
  const registers = [registry];
  const answers = new Counter({
    name: "hotgrid_console_answers_total",
    help: "Answers over HTTP by class of their status: 2xx, 3xx, 4xx, 5xx",
    labelNames: ["status"],
    registers,
  });
  // Also before the first one: rate() does not see a series' first value.
  for (const status of ["2xx", "3xx", "4xx", "5xx"]) answers.inc({ status }, 0);
  const seconds = new Histogram({
    name: "hotgrid_console_answer_seconds",
    help: "From a request's head to its answer's end, by route; live streams left out",
    labelNames: ["route"],
    buckets: ANSWERS,
    registers,
  });
  return (answer) => {
    answers.inc({ status: `${Math.floor(answer.status / 100)}xx` });
    if (!answer.route.endsWith(LIVE_STREAM)) seconds.observe({ route: answer.route }, answer.seconds);
  };
}
