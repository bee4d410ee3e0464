import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Closing } from "@hotgrid/runtime";
import { freePorts } from "../../harness/servers/free-ports.ts";
import { askInflux, startInflux } from "../../harness/servers/influx-server.ts";
import { startMosquitto } from "../../harness/servers/mosquitto.ts";
import { ServerProcess } from "../../harness/servers/server-process.ts";
import { type Gathering, nodeRedFlow } from "./node-red-flow.ts";
import type { Pipeline } from "./pipeline.ts";

/** The newest of November 2026. */
export const NODE_RED = "5.0.7";
const PACKAGES = [`node-red@${NODE_RED}`, "node-red-contrib-influxdb@0.7.0"];
const DATABASE = "bench";

/** Installs the peer into a folder, from npm's registry. */
export async function installNodeRed(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  const words = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", ...PACKAGES];
  await promisify(execFile)("npm", words, { cwd: folder });
}

/** Node-RED between a Mosquitto and an InfluxDB of its own.
 *  @param userDir where it was installed */
export async function startNodeRedPipeline(folder: string, userDir: string, gathering: Gathering): Promise<Pipeline> {
  const closing = new Closing();
  try {
    const influx = await startInflux(join(folder, "influx"));
    closing.add("influxd", () => influx.process.end("SIGKILL"));
    await askInflux(influx.url, `CREATE DATABASE ${DATABASE}`);
    const mosquitto = await startMosquitto(join(folder, "mosquitto"));
    closing.add("mosquitto", () => mosquitto.process.end("SIGKILL"));
    const [uiPort = 0] = await freePorts(1);
    const ports = { mqtt: mosquitto.port, influx: Number(new URL(influx.url).port) };
    const flow = nodeRedFlow(gathering, ports, DATABASE);
    writeFileSync(join(userDir, "flows.json"), JSON.stringify(flow));
    const settings = { uiHost: "127.0.0.1", uiPort, flowFile: "flows.json", telemetry: { enabled: false } };
    writeFileSync(join(userDir, "settings.js"), `module.exports = ${JSON.stringify(settings)};\n`);
    const words = [join(userDir, "node_modules", "node-red", "red.js"), "--userDir", userDir];
    const process_ = new ServerProcess(process.execPath, words, /Connected to broker/);
    closing.add("node-red", () => process_.end("SIGKILL"));
    await process_.start();
    return {
      mqttPort: mosquitto.port,
      secrets: null,
      influxUrl: influx.url,
      database: DATABASE,
      pids: { mosquitto: mosquitto.process.pid, "node-red": process_.pid, influxd: influx.process.pid },
      facts: async () => ({}),
      close: () => closing.run(),
    };
  } catch (error) {
    await closing.run();
    throw error;
  }
}
