import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "./embedded.ts";
import { ServerProcess } from "./servers/server-process.ts";

const Port = z.int().nullable();
const Ready = z.object({ http: Port, mqtt: Port, metrics: Port, pid: z.int() });

export interface ServiceOptions {
  readonly dataDir: string;
  readonly seedsDir: string;
  /** Address of the NATS servers, and whatever else the service is to find in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  /** Ports to listen on, where it does; free ones unless given. */
  readonly ports?: { readonly http?: number; readonly mqtt?: number; readonly metrics?: number };
  /** Its group, see ServerProcessOptions. */
  readonly gid?: number | undefined;
}

/** A service as a process of its own. */
export interface ServiceProcess {
  readonly ready: z.infer<typeof Ready>;
  /** What it wrote so far. */
  output(): string;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, also of a frozen one. */
  kill(): Promise<void>;
}

/** `hotgrid NAME` as a process that can be started, killed and started again. */
export function serviceProcess(name: string, options: ServiceOptions): ServerProcess {
  const { dataDir, seedsDir, env, words = [], ports = {}, gid } = options;
  const script = join(ROOT, "services", "hotgrid", "src", "service.ts");
  const flags = ["--data", dataDir, "--seeds", seedsDir];
  const listen = ["--http-port", `${ports.http ?? 0}`, "--mqtt-port", `${ports.mqtt ?? 0}`];
  const node = ["--disable-warning=ExperimentalWarning", script, name];
  return new ServerProcess(process.execPath, [...node, ...flags, ...listen, ...words], /^\{"http":.*"pid":\d+\}$/, {
    cwd: ROOT,
    gid,
    env: { HOTGRID_METRICS_PORT: `${ports.metrics ?? 0}`, ...env },
  });
}

/** Starts `hotgrid NAME` on free ports and waits until it says that it is ready. */
export async function startServiceProcess(name: string, options: ServiceOptions): Promise<ServiceProcess> {
  const server = serviceProcess(name, options);
  return {
    ready: Ready.parse(JSON.parse(await server.start())),
    output: () => server.output(),
    stop: () => server.end("SIGTERM"),
    kill: async () => {
      await server.end("SIGKILL");
    },
  };
}
