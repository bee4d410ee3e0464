import { join } from "node:path";
import { ROOT } from "../harness/embedded.ts";
import { hasNatsServer, startNatsServer } from "../harness/servers/nats-server.ts";
import { startServiceProcess } from "../harness/service-process.ts";
import type { BenchResult } from "./detector.ts";
import { besideMosquitto } from "./ingest.ts";

/** Issue 5: of a broker that stores nothing. */
const AIM_RATIO = 0.8;

/** Durable PUBACKs a second of the gateway with JetStream behind it, as nats-server comes. */
export async function benchIngestJetStream(): Promise<BenchResult[]> {
  if (!hasNatsServer()) {
    process.stderr.write("bench: ingest-jetstream needs nats-server\n");
    return [];
  }
  const start = async (folder: string) => {
    const nats = await startNatsServer(join(folder, "nats"));
    const gateway = await startServiceProcess("gateway", {
      dataDir: folder,
      seedsDir: join(ROOT, "seeds", "shaoxing"),
      env: { HOTGRID_NATS_SERVERS: nats.address },
    });
    const stop = async () => {
      await gateway.stop();
      await nats.process.end("SIGKILL");
    };
    return { port: gateway.ready.mqtt ?? 0, pid: gateway.ready.pid, stop };
  };
  return besideMosquitto({ name: "ingest, JetStream behind", aim: AIM_RATIO, start });
}
