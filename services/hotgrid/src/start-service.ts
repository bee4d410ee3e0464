import { existsSync } from "node:fs";
import { join } from "node:path";
import { type DistributedBus, openJetStreamBus } from "@hotgrid/bus";
import { createGrid } from "@hotgrid/grid";
import { openReceivers } from "@hotgrid/notifier-service";
import { type Closing, type Log, openTraces, SystemClock } from "@hotgrid/runtime";
import { evidenceFolder, readDutyPlan, readSeeds, type Seeds, StationDirectory, seedDatabase } from "@hotgrid/store";
import { sql } from "kysely";
import { collectDefaultMetrics, Registry } from "prom-client";
import { addMetrics } from "./add-metric.ts";
import { readBridge } from "./bridge-settings.ts";
import { ROOT } from "./config.ts";
import { consoleAccess } from "./console-access.ts";
import { dataFiles } from "./data-directory.ts";
import { keepStationsFresh } from "./keep-stations-fresh.ts";
import { openReadings, openStores } from "./open-stores.ts";
import { refuseHoles } from "./refuse-holes.ts";
import { serveHealth } from "./serve-health.ts";
import type { ServiceConfig } from "./service-config.ts";
import { detectorMetrics, lagMetrics, notifierMetrics, recorderMetrics, tableMetrics } from "./service-metrics.ts";
import type { ServiceName } from "./service-names.ts";
import { shareDetection, shareRecording } from "./share-cities.ts";
import { cityOfSeeds, consoleOf, dispatcherOf, gatewayOf, notifierOf, recorderOf, type World } from "./wiring.ts";

/** Ports on which the service listens, null where it does not. */
export interface StartedService {
  readonly http: number | null;
  readonly mqtt: number | null;
  readonly metrics: number | null;
}

/** Everything that a service may be given. */
interface Outfit {
  readonly config: ServiceConfig;
  readonly world: World;
  readonly bus: DistributedBus;
  readonly readings: Awaited<ReturnType<typeof openStores>>["readings"];
  readonly metrics: Registry;
  readonly closing: Closing;
}

/** Starts one service in this process, on NATS JetStream, and its health beside it. */
export async function startService(
  name: ServiceName,
  config: ServiceConfig,
  log: Log,
  closing: Closing,
): Promise<StartedService> {
  const traces = await openTraces(process.env, log);
  closing.add("traces", () => traces?.close());
  const seeds = await readSeeds(config.seeds, { overrides: dataFiles(config.dataDir).gridOverrides });
  const grid = gridOf(seeds);
  const { database, readings } = await openStores(config, seeds, closing);
  await seedDatabase(database, seeds);
  const stations = await StationDirectory.open(database);
  const clock = new SystemClock();
  const bus = await openJetStreamBus({ ...config.log, name, clock, log: log.child({ service: "bus" }) });
  closing.add("bus", () => bus.close());
  const metrics = new Registry();
  // Event loop, memory, processor, by the names that every dashboard of Node.js knows.
  collectDefaultMetrics({ register: metrics });
  const world: World = { bus, clock, seeds, grid, database, stations, log, traces };
  const ports = await STARTS[name]({ config, world, bus, readings, metrics, closing });
  const { metricsPort } = config;
  if (metricsPort === null) return { http: null, mqtt: null, metrics: null, ...ports };
  const needs = { bus: () => bus.info("readings"), database: () => sql`select 1`.execute(database) };
  const health = await serveHealth({ needs, metrics }, { host: config.host, port: metricsPort }, log);
  closing.add("health", () => health.close());
  return { http: null, mqtt: null, ...ports, metrics: health.port };
}

/** A city beside the process's own, in the same stores. */
async function anotherCity(folder: string, world: World): Promise<World> {
  const seeds = await readSeeds(folder);
  await seedDatabase(world.database, seeds);
  await world.stations.refresh();
  return { ...world, seeds, grid: gridOf(seeds) };
}

const gridOf = ({ city, divisions, areas }: Seeds) => createGrid({ city: city.code, divisions, areas });

const STARTS: Readonly<Record<ServiceName, (outfit: Outfit) => Promise<Partial<StartedService>>>> = {
  async gateway({ config, world, metrics, closing }) {
    const bridge = await readBridge(process.env, cityOfSeeds(world.seeds));
    const gateway = await gatewayOf(world, { host: config.host, port: config.mqttPort, bridge, metrics });
    closing.add("gateway", () => gateway.close());
    const nobody = async () => undefined;
    closing.add("fresh stations", keepStationsFresh(world.stations, nobody, world.log));
    return { mqtt: gateway.port };
  },
  async recorder({ config, world, bus, readings, closing, metrics }) {
    const recorder = await recorderOf(world, readings, { divided: true });
    closing.add("recorder", () => recorder.close());
    await shareRecording(recorder, world, () => openReadings(config, world.seeds), { bus, closing });
    addMetrics(metrics, world.log, [
      ...recorderMetrics(recorder.counters),
      lagMetrics(world.bus, [["recorder", ["readings", "deadLetters", "stations"]]]),
    ]);
    return {};
  },
  async detector({ config, bus, world, closing, metrics }) {
    const others = await Promise.all(config.furtherCities.map((seeds) => anotherCity(seeds, world)));
    const share = await shareDetection([world, ...others], bus, closing, world.log);
    addMetrics(
      metrics,
      world.log,
      detectorMetrics(() => share.services(), world.clock),
    );
    return {};
  },
  async dispatcher({ config, world, closing, metrics }) {
    const { database, grid, seeds, stations, clock, log } = world;
    const plan = await readDutyPlan(database, seeds.city.utcOffset);
    refuseHoles({ grid, stations: stations.all(), plan, at: clock.now(), allowed: config.allowHoles }, log);
    const dispatcher = await dispatcherOf(world);
    closing.add("dispatcher", () => dispatcher.close());
    addMetrics(metrics, world.log, [...tableMetrics(database), lagMetrics(world.bus, [["dispatcher", ["episodes"]]])]);
    return {};
  },
  async notifier({ config, world, closing, metrics }) {
    if (config.receivers === null) throw new Error("没有通知接收端 · nobody to notify: give --receivers FILE");
    const source = `/hotgrid/${cityOfSeeds(world.seeds)}`;
    const receivers = await openReceivers({
      ...{ file: config.receivers, env: process.env, source, wall: Date.now },
      pushKeys: dataFiles(config.dataDir).pushKeys,
    });
    const notifier = await notifierOf(world, receivers);
    closing.add("notifier", () => notifier.close());
    addMetrics(metrics, world.log, [
      ...notifierMetrics(world.database),
      lagMetrics(world.bus, [["notifier", ["tickets", "episodes"]]]),
    ]);
    return {};
  },
  async console({ config, world, readings, closing }) {
    const webRoot = join(ROOT, "services", "console", "dist");
    const console_ = await consoleOf(world, {
      port: config.httpPort,
      host: config.host,
      readings,
      evidenceFiles: evidenceFolder(dataFiles(config.dataDir).evidence),
      mode: "real",
      demo: null,
      webRoot: existsSync(join(webRoot, "index.html")) ? webRoot : null,
      tileUrl: config.tileUrl,
      ...(await consoleAccess(config, process.env)),
    });
    closing.add("console", () => console_.close());
    closing.add(
      "fresh stations",
      keepStationsFresh(world.stations, async () => undefined, world.log),
    );
    return { http: console_.port };
  },
};
