import { existsSync } from "node:fs";
import { join } from "node:path";
import { openReceivers } from "@hotgrid/notifier-service";
import { type Clock, Closing, createLog, DemoClock, openTraces, SystemClock } from "@hotgrid/runtime";
import { readSeeds, type Seeds, seedDemoAccounts } from "@hotgrid/store";
import { Registry } from "prom-client";
import { readBridge } from "./bridge-settings.ts";
import { type Config, ROOT, readConfig, START_HELP } from "./config.ts";
import { consoleAccess } from "./console-access.ts";
import { dataFiles, openDataDirectory } from "./data-directory.ts";
import { keepDemoTime, savedDemoTime } from "./demo-clock-file.ts";
import { DEMO_PASSWORD, printReady, showWarming } from "./greeting.ts";
import { ProcessEnd, writeReadyFile } from "./process-end.ts";
import { serveSystemHealth } from "./serve-system-health.ts";
import { SimulatorProcess } from "./simulator-process.ts";
import { type System, startSystem } from "./start-system.ts";
import { issueCredentials } from "./station-credentials.ts";
import { cityOfSeeds } from "./wiring.ts";

const MINUTE_MS = 60_000;

const log = createLog("hotgrid");
const metrics = new Registry();
const closing = new Closing();
const end = new ProcessEnd(log, closing);

try {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config === "help") process.stdout.write(START_HELP);
  else {
    end.onSignals();
    await (config.simulator ? startDemo(config) : startReal(config));
  }
} catch (error) {
  await end.fail(error);
}

async function startReal(config: Config): Promise<void> {
  const data = openDataDirectory(config.dataDir, "real");
  closing.add("data directory", () => data.release());
  const seeds = await readSeeds(config.seeds, { overrides: data.files.gridOverrides });
  const clock = new SystemClock();
  const system = await startSystem({
    ...(await common(config, seeds)),
    data,
    seeds,
    clock,
    mode: "real",
    demo: null,
  });
  closing.add("system", () => system.close());
  await tellHealth(config, system, clock);
  tellReady(config, system, seeds);
}

async function startDemo(config: Config): Promise<void> {
  const data = openDataDirectory(config.dataDir, "demo");
  closing.add("data directory", () => data.release());
  const seeds = await readSeeds(config.seeds, { overrides: data.files.gridOverrides });
  const resumed = savedDemoTime(data.files.demoClock);
  const start = resumed ?? Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  // Stands still while the history is made: nothing is due before the first live minute.
  const clock = new DemoClock(start, 0);
  let simulator: SimulatorProcess | null = null;
  const tellSpeed = () => simulator?.send({ type: "clock", clock: clock.state });
  const demo = {
    clock: () => clock.state,
    setSpeed: (speed: number) => {
      clock.setSpeed(speed);
      tellSpeed();
    },
    light: (fire: Parameters<NonNullable<Parameters<typeof startSystem>[0]["demo"]>["light"]>[0]) =>
      simulator?.send({ type: "fire", fire }),
  };
  const system = await startSystem({ ...(await common(config, seeds)), data, seeds, clock, mode: "demo", demo });
  closing.add("system", () => system.close());
  await tellHealth(config, system, clock);
  await seedDemoAccounts(system.database, seeds, DEMO_PASSWORD);
  await issueCredentials(system.stations, data.files.demoCredentials);

  await new Promise<void>((live, reject) => {
    simulator = new SimulatorProcess(
      {
        mqttPort: system.mqttPort,
        credentialsFile: data.files.demoCredentials,
        scenario: config.scenario,
        seeds: config.seeds,
        warmHours: resumed === null ? config.warmHours : 0,
        start,
      },
      (report) => {
        if (report.type === "warming") showWarming(report.done);
        else if (report.type === "failed") reject(new Error(`simulator: ${report.reason}`));
        else live();
      },
      (code) => {
        const death = new Error(`模拟器意外退出 · the simulator stopped unexpectedly (exit code ${code})`);
        reject(death);
        void end.fail(death);
      },
    );
  });
  closing.add("simulator", () => simulator?.stop());
  await system.settled();
  clock.setSpeed(config.speed);
  tellSpeed();
  closing.add("demo time", keepDemoTime(data.files.demoClock, clock));
  tellReady(config, system, seeds);
}

function tellReady(config: Config, system: System, seeds: Seeds): void {
  writeReadyFile(config.readyFile, { http: system.httpPort, mqtt: system.mqttPort, pid: process.pid });
  printReady(config, system, seeds);
}

async function common(config: Config, seeds: Seeds) {
  const webRoot = join(ROOT, "services", "console", "dist");
  const traces = await openTraces(process.env, log);
  closing.add("traces", () => traces?.close());
  return {
    host: config.host,
    httpPort: config.httpPort,
    mqttPort: config.mqttPort,
    webRoot: existsSync(join(webRoot, "index.html")) ? webRoot : null,
    tileUrl: config.tileUrl,
    access: await consoleAccess(config, process.env),
    bridge: await readBridge(process.env, cityOfSeeds(seeds)),
    allowHoles: config.allowHoles,
    metrics,
    traces,
    ...(config.receivers !== null && { receivers: await receiversOf(config.receivers, config, seeds) }),
    log,
  };
}

async function tellHealth(config: Config, system: System, clock: Clock): Promise<void> {
  const { host, metricsPort: port, receivers } = config;
  if (port === null) return;
  const health = await serveSystemHealth({ system, metrics, notifies: receivers !== null, clock, log }, { host, port });
  closing.add("health", () => health.close());
}

/** The wall's time also in the demo: signatures are checked against it by others. */
function receiversOf(file: string, { dataDir }: Config, seeds: Seeds) {
  return openReceivers({
    ...{ file, env: process.env, source: `/hotgrid/${seeds.city.code.slice(0, 4)}`, wall: Date.now },
    pushKeys: dataFiles(dataDir).pushKeys,
  });
}
