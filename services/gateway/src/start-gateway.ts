import { existsSync, readFileSync } from "node:fs";
import type { Bus } from "@hotgrid/bus";
import { cityOf } from "@hotgrid/contracts";
import { type Clock, type Log, type Traces, Trail } from "@hotgrid/runtime";
import type { Registry } from "prom-client";
import type { BridgeOptions } from "./bridge/bridge-options.ts";
import { startBridge } from "./bridge/start-bridge.ts";
import { markSilentMinutes } from "./clock-marks.ts";
import { connectionBound } from "./core/connection-bound.ts";
import { Counts, type GatewayCounters, registerMetrics } from "./gateway-counters.ts";
import { DEFAULT_LIMITS, type GatewayLimits } from "./limits.ts";
import { LogGatherer } from "./log-gatherer.ts";
import type { StationDirectory } from "./ports.ts";
import { PublishHandler } from "./publish-handler.ts";
import { StationBroker } from "./station-broker.ts";
import type { StationCommand } from "./station-command.ts";

export interface GatewayOptions {
  /** TCP port, 0 for a free one. */
  readonly port: number;
  readonly host: string;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly stations: StationDirectory;
  readonly log: Log;
  /** Where spans go; nowhere unless given. */
  readonly traces?: Traces | undefined;
  /** Another broker, to take readings from as well. */
  readonly bridge?: BridgeOptions | undefined;
  readonly limits?: Partial<GatewayLimits>;
  /** Where the counts are shown as metrics. */
  readonly metrics?: Registry;
}

export interface Gateway {
  readonly port: number;
  counters(): GatewayCounters;
  /** False while the log refuses what it was given last. */
  logTakes(): boolean;
  /** Connections to the other broker that are subscribed now. */
  bridged(): number;
  sendCommand(stationId: string, command: StationCommand): Promise<string>;
  /** Refuses new connections, answers what it can, and ends the rest. */
  close(): Promise<void>;
}

/** Longest time that closing waits for the log, ms, twice. Ours: SIGTERM drains within 10 s. */
const DRAIN_MS = 3000;

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { bus, clock, stations, log } = options;
  const wanted = { ...DEFAULT_LIMITS, ...options.limits };
  const limits = { ...wanted, maxConnections: connectionBound(wanted.maxConnections, processLimits()) };
  if (limits.maxConnections < wanted.maxConnections) {
    log.info({ maxConnections: limits.maxConnections }, "connections bounded by the limit of open files");
  }
  const counts = new Counts();
  if (options.metrics) registerMetrics(options.metrics, counts);
  const heard = new Set<string>();
  const gatherer = new LogGatherer(bus, limits, log);
  const trail = new Trail(log, "gateway", options.traces);
  const handler = new PublishHandler({ gatherer, clock, counts, trail, limits, heard: (city) => heard.add(city) });
  const broker = new StationBroker({ stations, gatherer, handler, counts, limits, clock, log });
  const port = await broker.listen(options.port, options.host);
  const bridge = options.bridge && startBridge(options.bridge, { stations, handler, gatherer, counts, clock }, log);
  const stop = new AbortController();
  const cities = () => new Set(stations.all().map((station) => cityOf(station.division)));
  const marking = markSilentMinutes(clock, cities, heard, (city, at) => gatherer.mark(city, at), stop.signal);
  return {
    port,
    counters: () => counts.snapshot(),
    logTakes: () => !gatherer.isUnavailable,
    bridged: () => bridge?.subscribed() ?? 0,
    sendCommand: (stationId, command) => broker.sendCommand(stationId, command),
    close: async () => {
      stop.abort(new Error("the gateway is closing"));
      await marking;
      broker.refuseNew();
      bridge?.stopTaking();
      await gatherer.drain(DRAIN_MS);
      await bridge?.close();
      await broker.close();
      await gatherer.drain(DRAIN_MS);
      await gatherer.close();
    },
  };
}

/** Of this process, as Linux tells them; elsewhere "". */
function processLimits(): string {
  const file = "/proc/self/limits";
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
