import { join } from "node:path";
import { ROOT } from "../harness/embedded.ts";
import { hasNatsServer, startNatsServer } from "../harness/servers/nats-server.ts";
import { type ServiceProcess, startServiceProcess } from "../harness/service-process.ts";
import type { BenchResult } from "./detector.ts";
import { besideMosquitto } from "./ingest.ts";

/** Issue 5: of a broker that stores nothing. */
const AIM_RATIO = 0.8;

/** Durable PUBACKs a second with JetStream behind, as nats-server comes: of one gateway, and of two that share the stations
 *  as behind a balancer. */
export async function benchIngestJetStream(): Promise<BenchResult[]> {
  if (!hasNatsServer()) {
    process.stderr.write("bench: ingest-jetstream needs nats-server\n");
    return [];
  }
  return [
    ...(await besideMosquitto({ name: "ingest, JetStream behind", aim: AIM_RATIO, start: starting(1) })),
    ...(await besideMosquitto({ name: "ingest, JetStream behind two gateways", aim: AIM_RATIO, start: starting(2) })),
  ];
}

const starting = (count: number) => async (folder: string) => {
  const nats = await startNatsServer(join(folder, "nats"));
  const settings = {
    dataDir: folder,
    seedsDir: join(ROOT, "seeds", "shaoxing"),
    env: { HOTGRID_NATS_SERVERS: nats.address },
  };
  const gateways: ServiceProcess[] = [];
  for (let i = 0; i < count; i++) gateways.push(await startServiceProcess("gateway", settings));
  return {
    ports: gateways.map(({ ready }) => ready.mqtt ?? 0),
    pids: gateways.map(({ ready }) => ready.pid),
    stop: async () => {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
      await nats.process.end("SIGKILL");
    },
  };
};
