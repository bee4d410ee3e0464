import { mkdirSync } from "node:fs";
import { ProcessEnd, say, showWarming, writeReadyFile } from "@hotgrid/hotgrid-service";
import { Closing, createLog } from "@hotgrid/runtime";
import { readSeeds } from "@hotgrid/store";
import { startCutProxy } from "../harness/servers/cut-proxy.ts";
import { freePorts } from "../harness/servers/free-ports.ts";
import { hasTopology, startTopology, type Topology } from "../harness/topology.ts";
import { DISTRIBUTED_HELP, type DistributedOptions, readDistributedOptions } from "./options.ts";
import { printTopology } from "./print-topology.ts";
import { prepareCity, startStations } from "./start-city.ts";
import { supervise } from "./supervise.ts";

/** `npm run distributed`: the distributed system on this machine, for a person to look at and to break. */

/** Longest time in which all of it may drain, one after the other, ms. Ours. */
const DRAIN_WITHIN_MS = 40_000;

const closing = new Closing();
const end = new ProcessEnd(createLog("distributed"), closing, DRAIN_WITHIN_MS);

try {
  const options = readDistributedOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(DISTRIBUTED_HELP);
  else {
    end.onSignals();
    await run(options);
  }
} catch (error) {
  await end.fail(error);
}

async function run(options: DistributedOptions): Promise<void> {
  if (!hasTopology())
    throw new Error("缺少服务器 · servers are missing: apt-get install nats-server influxdb postgresql");
  const seeds = await readSeeds(options.seeds);
  let known = false;
  // Others may go through it: PostgreSQL is not root even where this is.
  if (options.data !== null) mkdirSync(options.data, { recursive: true, mode: 0o711 });
  say("启动三个 NATS、InfluxDB、PostgreSQL 与各服务 · starting the servers and the services");
  const starting = startTopology({
    seedsDir: options.seeds,
    durable: true,
    httpPort: options.httpPort === 0 ? ((await freePorts(1))[0] ?? 0) : options.httpPort,
    ...(options.data !== null && { folder: options.data }),
    prepare: async (prepared) => {
      known = await prepareCity(prepared, seeds);
    },
  });
  // Also where it is interrupted meanwhile. One that fails to start has ended what it started.
  closing.add("topology", () => starting.then(drain, () => undefined));
  const topology = await starting;
  const supervising = new AbortController();
  for (const member of topology.members.values()) void supervise(member, say, supervising.signal);
  closing.add("supervision", () => supervising.abort());
  const gateways = topology.mqttPorts.map((port) => `127.0.0.1:${port}`);
  const balancer = await startCutProxy(gateways, options.mqttPort);
  closing.add("balancer", () => balancer.close());
  const stopStations = await startStations({
    ...{ mqttPort: balancer.port, dataDir: topology.dataDir, seedsDir: options.seeds },
    scenario: options.scenario,
    warmHours: known ? 0 : options.warmHours,
    onWarming: showWarming,
    onDeath: (error) => void end.fail(error),
  });
  closing.add("stations", stopStations);
  const members = Object.fromEntries([...topology.members].map(([name, member]) => [name, member.pid()]));
  writeReadyFile(options.readyFile, { http: topology.httpPort, mqtt: balancer.port, pid: process.pid, members });
  printTopology(topology, balancer.port, seeds);
}

/** Services first: they save what they know. */
async function drain(topology: Topology): Promise<void> {
  const services = [...topology.members.values()].filter(({ ports }) => ports["metrics"] !== undefined);
  await Promise.all(services.map((service) => service.stop()));
  await topology.close();
}
