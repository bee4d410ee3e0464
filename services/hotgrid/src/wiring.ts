import type { Bus } from "@hotgrid/bus";
import { type ConsoleDependencies, startConsole } from "@hotgrid/console-service";
import { type CityCode, cityOf } from "@hotgrid/contracts";
import { type SnapshotStore, startDetector } from "@hotgrid/detector-service";
import { startDispatcher } from "@hotgrid/dispatcher-service";
import { startGateway } from "@hotgrid/gateway-service";
import type { Grid } from "@hotgrid/grid";
import { type Receivers, startNotifier } from "@hotgrid/notifier-service";
import { startRecorder } from "@hotgrid/recorder-service";
import type { Clock, Log, Traces } from "@hotgrid/runtime";
import type { Database, ReadingStore, Seeds, StationDirectory } from "@hotgrid/store";
import type { Kysely } from "kysely";

/** What the services of one city share, whether they are in one process or each in its own. */
export interface World {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly seeds: Seeds;
  readonly grid: Grid;
  readonly database: Kysely<Database>;
  readonly stations: StationDirectory;
  readonly log: Log;
  /** Where spans go; nowhere unless given. */
  readonly traces?: Traces | undefined;
}

export const cityOfSeeds = ({ city }: Seeds): CityCode => cityOf(city.code);

type GatewayOptions = Omit<Parameters<typeof startGateway>[0], keyof World>;

export const gatewayOf = ({ bus, clock, stations, log, traces }: World, options: GatewayOptions) =>
  startGateway({ ...options, bus, clock, stations, traces, log: log.child({ service: "gateway" }) });

type RecorderOptions = Omit<Parameters<typeof startRecorder>[0], keyof World | "readings">;

export const recorderOf = (
  { bus, database, clock, log, traces }: World,
  readings: ReadingStore,
  options: RecorderOptions = {},
) => startRecorder({ ...options, bus, readings, database, clock, traces, log: log.child({ service: "recorder" }) });

export const detectorOf = ({ bus, grid, seeds, stations, clock, log, traces }: World, snapshots: SnapshotStore) =>
  startDetector({
    bus,
    city: cityOfSeeds(seeds),
    grid,
    utcOffset: seeds.city.utcOffset,
    stations: stations.all().filter(({ division }) => cityOf(division) === cityOfSeeds(seeds)),
    rules: seeds.rules,
    snapshots,
    clock,
    traces,
    log: log.child({ service: "detector" }),
  });

export const dispatcherOf = ({ bus, database, grid, seeds, clock, log, traces }: World) =>
  startDispatcher({
    bus,
    city: cityOfSeeds(seeds),
    database,
    grid,
    policy: seeds.policy,
    routing: seeds.routing,
    utcOffset: seeds.city.utcOffset,
    clock,
    traces,
    log: log.child({ service: "dispatcher" }),
  });

export const notifierOf = ({ bus, database, grid, seeds, clock, log, traces }: World, receivers: Receivers) =>
  startNotifier({
    ...receivers,
    bus,
    city: cityOfSeeds(seeds),
    database,
    grid,
    rules: seeds.notification,
    utcOffset: seeds.city.utcOffset,
    clock,
    traces,
    log: log.child({ service: "notifier" }),
  });

type ConsoleOptions = Omit<ConsoleDependencies, keyof World | "city">;

export const consoleOf = (
  { bus, database, grid, seeds, stations, clock, log, traces }: World,
  options: ConsoleOptions,
) =>
  startConsole({
    ...options,
    bus,
    city: seeds.city,
    database,
    grid,
    stations,
    clock,
    traces,
    log: log.child({ service: "console" }),
  });
