import { mkdirSync } from "node:fs";
import { type Bus, openSqliteBus } from "@hotgrid/bus";
import type { CityCode, DemoClockState, DemoFire } from "@hotgrid/contracts";
import { snapshotFile } from "@hotgrid/detector-service";
import type { BridgeOptions } from "@hotgrid/gateway-service";
import { createGrid, type Grid } from "@hotgrid/grid";
import type { Receivers } from "@hotgrid/notifier-service";
import { type Clock, Closing, type Log, Readiness, type Traces } from "@hotgrid/runtime";
import {
  evidenceFolder,
  openDatabase,
  openSqliteReadingStore,
  type ReadingStore,
  readDutyPlan,
  type Seeds,
  StationDirectory,
  seedDatabase,
} from "@hotgrid/store";
import type { Registry } from "prom-client";
import { type ConsoleAccess, ownTotpKey } from "./console-access.ts";
import type { DataDirectory } from "./data-directory.ts";
import { logNeed, recordingNeed, storeNeeds } from "./health-needs.ts";
import { keepStationsFresh } from "./keep-stations-fresh.ts";
import { observeAnswers, observeDelays } from "./observed.ts";
import { refuseHoles } from "./refuse-holes.ts";
import { settled } from "./settled.ts";
import {
  cityOfSeeds,
  consoleOf,
  detectorOf,
  dispatcherOf,
  gatewayOf,
  notifierOf,
  recorderOf,
  type World,
} from "./wiring.ts";

export interface SystemOptions {
  readonly data: DataDirectory;
  readonly seeds: Seeds;
  readonly clock: Clock;
  readonly mode: "demo" | "real";
  readonly host: string;
  /** null: no console (a replay, a benchmark). */
  readonly httpPort: number | null;
  readonly mqttPort: number;
  readonly webRoot: string | null;
  readonly tileUrl: string | null;
  readonly demo: DemoControl | null;
  readonly access?: Partial<ConsoleAccess>;
  /** Another broker, to take readings from as well. */
  readonly bridge?: BridgeOptions | undefined;
  /** Where notifications go; without it nobody is told anything outside. */
  readonly receivers?: Receivers | undefined;
  /** Start although a place has nobody responsible. */
  readonly allowHoles: boolean;
  /** Takes the metrics of what is told as it happens. */
  readonly metrics?: Registry | undefined;
  /** Where spans go; nowhere unless given. */
  readonly traces?: Traces | undefined;
  readonly log: Log;
}

/** What the demo's page may do to the demo. */
interface DemoControl {
  clock(): DemoClockState;
  setSpeed(speed: number): void;
  light(fire: DemoFire): void;
}

/** The embedded system: every service in this process, on SQLite files. */
export interface System {
  readonly city: CityCode;
  readonly httpPort: number | null;
  readonly mqttPort: number;
  readonly bus: Bus;
  readonly grid: Grid;
  readonly readings: ReadingStore;
  readonly database: Awaited<ReturnType<typeof openDatabase>>;
  readonly stations: StationDirectory;
  /** null: none was asked for. */
  readonly console: Awaited<ReturnType<typeof consoleOf>> | null;
  readonly gateway: Awaited<ReturnType<typeof gatewayOf>>;
  readonly recorder: Awaited<ReturnType<typeof recorderOf>>;
  readonly detector: Awaited<ReturnType<typeof detectorOf>>;
  /** Of everything in this process. */
  readonly readiness: Readiness;
  /** Resolves when everything that is in the logs now has been recorded, judged and dispatched. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the stores, then the services from the end of the pipeline to its beginning, so that nothing arrives before
 *  there is somebody to take it. Throws where the grid has a hole (unless allowed), naming the first ones. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { data, seeds, clock, log, traces } = options;
  const closing = new Closing();
  try {
    mkdirSync(data.path, { recursive: true, mode: 0o700 });
    const grid = createGrid({ city: seeds.city.code, divisions: seeds.divisions, areas: seeds.areas });

    const database = await openDatabase(data.files.database);
    closing.add("database", () => database.destroy());
    await seedDatabase(database, seeds);
    const stations = await StationDirectory.open(database);
    const plan = await readDutyPlan(database, seeds.city.utcOffset);
    refuseHoles({ grid, stations: stations.all(), plan, at: clock.now(), allowed: options.allowHoles }, log);

    const readings = await openSqliteReadingStore(data.files.readings, { utcOffset: seeds.city.utcOffset });
    closing.add("reading store", () => readings.close());
    const bus = await openSqliteBus({ file: data.files.log, clock, log: log.child({ service: "bus" }) });
    closing.add("bus", () => bus.close());

    const world: World = { bus, clock, seeds, grid, database, stations, log, traces };

    const started: { gateway: System["gateway"] | null; recorder: System["recorder"] | null } = {
      ...{ gateway: null, recorder: null },
    };
    const asks = storeNeeds({ bus, database, readings });
    const recording = recordingNeed(asks, () => started.recorder);
    const needs = { ...asks, readings: recording, log: logNeed(() => started.gateway) };
    const readiness = new Readiness(needs, log);

    const console_ =
      options.httpPort === null
        ? null
        : await consoleOf(world, {
            port: options.httpPort,
            host: options.host,
            readings,
            readiness,
            evidenceFiles: evidenceFolder(data.files.evidence),
            mode: options.mode,
            demo: options.demo,
            webRoot: options.webRoot,
            tileUrl: options.tileUrl,
            totpKey: ownTotpKey(data.path),
            onAnswer: options.metrics && observeAnswers(options.metrics),
            ...options.access,
          });
    if (console_) closing.add("console", () => console_.close());
    if (options.receivers !== undefined) {
      const notifier = await notifierOf(world, options.receivers);
      closing.add("notifier", () => notifier.close());
    }
    const dispatcher = await dispatcherOf(world);
    closing.add("dispatcher", () => dispatcher.close());
    const detector = await detectorOf(world, snapshotFile(data.files.snapshot));
    closing.add("detector", () => detector.close());
    const onDelay = options.metrics && observeDelays(options.metrics);
    const recorder = await recorderOf(world, readings, { onDelay });
    started.recorder = recorder;
    closing.add("recorder", () => recorder.close());
    const { host, mqttPort: port, bridge, metrics } = options;
    const gateway = await gatewayOf(world, { host, port, bridge, ...(metrics && { metrics }) });
    started.gateway = gateway;
    closing.add("gateway", () => gateway.close());

    closing.add(
      "fresh stations",
      keepStationsFresh(stations, (changed) => detector.refresh(changed), log),
    );

    return {
      city: cityOfSeeds(seeds),
      httpPort: console_?.port ?? null,
      mqttPort: gateway.port,
      bus,
      grid,
      readings,
      database,
      stations,
      console: console_,
      gateway,
      recorder,
      detector,
      readiness,
      settled: () => settled(bus, detector),
      close: () => closing.run(),
    };
  } catch (error) {
    await closing.run();
    throw error;
  }
}
