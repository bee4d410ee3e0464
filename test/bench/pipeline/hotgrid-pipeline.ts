import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Closing } from "@hotgrid/runtime";
import { startInflux } from "../../harness/servers/influx-server.ts";
import { startMosquitto } from "../../harness/servers/mosquitto.ts";
import { startNatsServer } from "../../harness/servers/nats-server.ts";
import { startServiceProcess } from "../../harness/service-process.ts";
import { issueSecrets } from "../../harness/station-secrets.ts";
import type { Pipeline } from "./pipeline.ts";

/** Gateway, recorder and detector on one nats-server as it comes, and InfluxDB.
 *  @param bridged stations publish to Mosquitto, from which the gateway takes; otherwise to the gateway itself */
export async function startHotgridPipeline(folder: string, seedsDir: string, bridged: boolean): Promise<Pipeline> {
  const closing = new Closing();
  try {
    const dataDir = join(folder, "data");
    mkdirSync(dataDir, { recursive: true });
    const secrets = await issueSecrets(folder, dataDir, seedsDir);
    const nats = await startNatsServer(join(folder, "nats"));
    closing.add("nats-server", () => nats.process.end("SIGKILL"));
    const influx = await startInflux(join(folder, "influx"));
    closing.add("influxd", () => influx.process.end("SIGKILL"));
    const mosquitto = bridged ? await startMosquitto(join(folder, "mosquitto")) : null;
    if (mosquitto) closing.add("mosquitto", () => mosquitto.process.end("SIGKILL"));
    const env = {
      HOTGRID_NATS_SERVERS: nats.address,
      HOTGRID_INFLUX_URL: influx.url,
      ...(mosquitto && { HOTGRID_BRIDGE_URL: `mqtt://127.0.0.1:${mosquitto.port}` }),
    };
    const start = async (name: string) => {
      const service = await startServiceProcess(name, { dataDir, seedsDir, env });
      closing.add(name, () => service.stop());
      return service.ready;
    };
    const detector = await start("detector");
    const recorder = await start("recorder");
    const gateway = await start("gateway");
    const read = async (port: number | null) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return {
      mqttPort: mosquitto?.port ?? gateway.mqtt ?? 0,
      secrets: bridged ? null : secrets,
      influxUrl: influx.url,
      database: "hotgrid",
      pids: {
        ...(mosquitto && { mosquitto: mosquitto.process.pid }),
        gateway: gateway.pid,
        "nats-server": nats.process.pid,
        recorder: recorder.pid,
        detector: detector.pid,
        influxd: influx.process.pid,
      },
      facts: async () => {
        const judged = await read(detector.metrics);
        const taken = await read(gateway.metrics);
        return {
          judged: sumOf(judged, /^hotgrid_detector_readings_total\{.*\} (\d+)$/gm),
          "left out by the detector": sumOf(judged, /^hotgrid_detector_readings_left_out_total\{.*\} (\d+)$/gm),
          "dead-lettered": sumOf(taken, /^hotgrid_gateway_dead_lettered_total\{.*\} (\d+)$/gm),
        };
      },
      close: () => closing.run(),
    };
  } catch (error) {
    await closing.run();
    throw error;
  }
}

const sumOf = (text: string, metric: RegExp): number =>
  [...text.matchAll(metric)].reduce((sum, [, value]) => sum + Number(value), 0);
