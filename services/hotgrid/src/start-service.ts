import { existsSync } from "node:fs";
import { join } from "node:path";
import { type DistributedBus, openJetStreamBus } from "@hotgrid/bus";
import { cityOf } from "@hotgrid/contracts";
import { createGrid } from "@hotgrid/grid";
import { openReceivers } from "@hotgrid/notifier-service";
import { type Closing, type Log, openTraces, Readiness, SystemClock } from "@hotgrid/runtime";
import { evidenceFolder, readDutyPlan, readSeeds, type Seeds, StationDirectory, seedDatabase } from "@hotgrid/store";
import { collectDefaultMetrics, Registry } from "prom-client";
import { addMetrics } from "./add-metric.ts";
import { readBridge } from "./bridge-settings.ts";
import { ROOT } from "./config.ts";
import { consoleAccess } from "./console-access.ts";
import { dataFiles } from "./data-directory.ts";
import { logNeed, recordingNeed, type StoreNeeds, storeNeeds } from "./health-needs.ts";
import { keepStationsFresh } from "./keep-stations-fresh.ts";
import { observeAnswers, observeDelays } from "./observed.ts";
import { openReadings, openStores } from "./open-stores.ts";
import { refuseHoles } from "./refuse-holes.ts";
import { serveHealth } from "./serve-health.ts";
import type { ServiceConfig } from "./service-config.ts";
import {
  cityMetrics,
  detectorMetrics,
  forgottenMetric,
  lagMetrics,
  notifierMetrics,
  recorderMetrics,
  streamMetrics,
  tableMetrics,
} from "./service-metrics.ts";
import type { ServiceName } from "./service-names.ts";
import { shareDetection, shareNotifying, shareRecording } from "./share-cities.ts";
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
  readonly asks: StoreNeeds;
  readonly closing: Closing;
}

/** What runs, and whether it can work. */
interface Started extends Partial<StartedService> {
  readonly readiness: Readiness;
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
  addMetrics(metrics, log, [forgottenMetric(() => bus.forgotten())]);
  const world: World = { bus, clock, seeds, grid, database, stations, log, traces };
  const asks = storeNeeds({ bus, database, readings });
  const { readiness, ...ports } = await STARTS[name]({ config, world, bus, readings, metrics, asks, closing });
  const { metricsPort } = config;
  if (metricsPort === null) return { http: null, mqtt: null, metrics: null, ...ports };
  const health = await serveHealth({ readiness, metrics }, { host: config.host, port: metricsPort }, log);
  closing.add("health", () => health.close());
  return { http: null, mqtt: null, ...ports, metrics: health.port };
}

/** Cities beside the process's own, in the same stores. */
async function furtherCities(config: ServiceConfig, world: World): Promise<readonly World[]> {
  const all = await Promise.all(config.furtherCities.map((folder) => readSeeds(folder)));
  for (const seeds of all) await seedDatabase(world.database, seeds);
  await world.stations.refresh();
  return all.map((seeds) => ({ ...world, seeds, grid: gridOf(seeds) }));
}

/** Throws where the city has a place for which nobody is responsible, unless that is allowed. */
async function refuseHolesOf({ database, grid, seeds, stations, clock, log }: World, allowed: boolean): Promise<void> {
  const plan = await readDutyPlan(database, seeds.city.utcOffset);
  const its = stations.all().filter(({ division }) => cityOf(division) === cityOfSeeds(seeds));
  refuseHoles({ grid, stations: its, plan, at: clock.now(), allowed }, log);
}

const gridOf = ({ city, divisions, areas }: Seeds) => createGrid({ city: city.code, divisions, areas });

const STARTS: Readonly<Record<ServiceName, (outfit: Outfit) => Promise<Started>>> = {
  async gateway({ config, world, metrics, asks, closing }) {
    const bridge = await readBridge(process.env, cityOfSeeds(world.seeds));
    const gateway = await gatewayOf(world, { host: config.host, port: config.mqttPort, bridge, metrics });
    closing.add("gateway", () => gateway.close());
    const nobody = async () => undefined;
    closing.add("fresh stations", keepStationsFresh(world.stations, nobody, world.log));
    // Without the database the stations known so far come in all the same: it is not needed.
    const readiness = new Readiness({ bus: asks.bus, log: logNeed(() => gateway) }, world.log);
    return { mqtt: gateway.port, readiness };
  },
  async recorder({ config, world, bus, readings, closing, asks, metrics }) {
    const recorder = await recorderOf(world, readings, { divided: true, onDelay: observeDelays(metrics) });
    closing.add("recorder", () => recorder.close());
    await shareRecording(recorder, world, () => openReadings(config, world.seeds), { bus, closing });
    addMetrics(metrics, world.log, [
      ...recorderMetrics(recorder.counters),
      lagMetrics(world.bus, [["recorder", ["readings", "deadLetters", "stations"]]]),
    ]);
    return { readiness: new Readiness({ ...asks, readings: recordingNeed(asks, () => recorder) }, world.log) };
  },
  async detector({ config, bus, world, asks, closing, metrics }) {
    const others = await furtherCities(config, world);
    const share = await shareDetection([world, ...others], bus, closing, world.log);
    const detectors = () => share.services();
    addMetrics(metrics, world.log, [...detectorMetrics(detectors, world.clock), cityMetrics(detectors)]);
    // One that has no city is ready: it waits to take over. The stations it knows; the database is not needed.
    return { readiness: new Readiness({ bus: asks.bus }, world.log) };
  },
  async dispatcher({ config, world, asks, closing, metrics }) {
    for (const city of [world, ...(await furtherCities(config, world))]) {
      await refuseHolesOf(city, config.allowHoles);
      const dispatcher = await dispatcherOf(city);
      closing.add(`dispatcher of ${cityOfSeeds(city.seeds)}`, () => dispatcher.close());
    }
    addMetrics(metrics, world.log, [
      ...tableMetrics(world.database),
      lagMetrics(world.bus, [["dispatcher", ["episodes"]]]),
    ]);
    return { readiness: new Readiness({ bus: asks.bus, database: asks.database }, world.log) };
  },
  async notifier({ config, world, bus, asks, closing, metrics }) {
    const { receivers: file } = config;
    if (file === null) throw new Error("没有通知接收端 · nobody to notify: give --receivers FILE");
    const source = `/hotgrid/${cityOfSeeds(world.seeds)}`;
    const open = () =>
      openReceivers({
        ...{ file, env: process.env, source, wall: Date.now },
        pushKeys: dataFiles(config.dataDir).pushKeys,
      });
    // At once, too: a file that is wrong is to be told now, not when another notifier has died.
    for (const receiver of (await open()).receivers) receiver.close();
    await shareNotifying(world, async () => notifierOf(world, await open()), { bus, closing });
    addMetrics(metrics, world.log, [
      ...notifierMetrics(world.database),
      lagMetrics(world.bus, [["notifier", ["tickets", "episodes"]]]),
    ]);
    return { readiness: new Readiness({ bus: asks.bus, database: asks.database }, world.log) };
  },
  async console({ config, world, readings, metrics, asks, closing }) {
    const webRoot = join(ROOT, "services", "console", "dist");
    const readiness = new Readiness({ ...asks }, world.log);
    const console_ = await consoleOf(world, {
      port: config.httpPort,
      host: config.host,
      readings,
      readiness,
      evidenceFiles: evidenceFolder(dataFiles(config.dataDir).evidence),
      mode: "real",
      demo: null,
      webRoot: existsSync(join(webRoot, "index.html")) ? webRoot : null,
      tileUrl: config.tileUrl,
      onAnswer: observeAnswers(metrics),
      ...(await consoleAccess(config, process.env)),
    });
    closing.add("console", () => console_.close());
    closing.add(
      "fresh stations",
      keepStationsFresh(world.stations, async () => undefined, world.log),
    );
    addMetrics(metrics, world.log, [streamMetrics(() => console_.streams())]);
    return { http: console_.port, readiness };
  },
};
