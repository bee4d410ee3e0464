import type { Log } from "@hotgrid/runtime";
import { Counter, Gauge, type Registry } from "prom-client";

/** A value with its labels' values, in the order of the metric's names. */
export type Sample = readonly [value: number, ...labels: string[]];

export interface Metric {
  readonly kind: "counter" | "gauge";
  /** By Prometheus' conventions: unit in the name, `_total` on counters. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Asked whenever Prometheus asks. */
  readonly read: () => readonly Sample[] | Promise<readonly Sample[]>;
}

/** Adds metrics that are read when Prometheus asks. One that can't be told now (its store is down) is left out and
 *  logged; the others are told all the same. */
export function addMetrics(registry: Registry, log: Log, metrics: readonly Metric[]): void {
  for (const { kind, name, help, labels, read } of metrics) {
    const of = kind === "counter" ? Counter<string> : Gauge<string>;
    const told = async () => {
      try {
        return await read();
      } catch (err) {
        log.warn({ err, metric: name }, "metric can't be told now");
        return [];
      }
    };
    new of({
      ...{ name, help, labelNames: [...labels], registers: [registry] },
      async collect() {
        const samples = await told();
        // At once, without a pause in between: two scrapes at a time must not add up.
        this.reset();
        for (const [value, ...values] of samples) {
          this.inc(Object.fromEntries(labels.map((label, i) => [label, values[i] ?? ""])), value);
        }
      },
    });
  }
}
