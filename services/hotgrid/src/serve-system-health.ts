import type { Clock, Log } from "@hotgrid/runtime";
import { collectDefaultMetrics, type Registry } from "prom-client";
import { addMetrics } from "./add-metric.ts";
import { serveHealth } from "./serve-health.ts";
import {
  cityMetrics,
  detectorMetrics,
  lagMetrics,
  notifierMetrics,
  recorderMetrics,
  streamMetrics,
  tableMetrics,
} from "./service-metrics.ts";
import type { System } from "./start-system.ts";

export interface SystemHealth {
  readonly system: System;
  /** In which the gateway's metrics are already. */
  readonly metrics: Registry;
  readonly notifies: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Health and metrics of all services in one process, by the names that they have apart. Returns as `serveHealth`. */
export function serveSystemHealth(
  { system, metrics, notifies, clock, log }: SystemHealth,
  listen: { host: string; port: number },
) {
  const { bus, database, recorder, detector, city, readiness } = system;
  const detectors = () => new Map([[city, detector]]);
  collectDefaultMetrics({ register: metrics });
  addMetrics(metrics, log, [
    ...recorderMetrics(recorder.counters),
    ...detectorMetrics(detectors, clock),
    cityMetrics(detectors),
    streamMetrics(() => system.console?.streams() ?? 0),
    ...tableMetrics(database),
    ...(notifies ? notifierMetrics(database) : []),
    lagMetrics(bus, [
      ["recorder", ["readings", "deadLetters", "stations"]],
      ["dispatcher", ["episodes"]],
      ...(notifies ? [["notifier", ["tickets", "episodes"]] as const] : []),
    ]),
  ]);
  return serveHealth({ readiness, metrics }, listen, log);
}
