import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { ROOT } from "./embedded.ts";

const Port = z.int().nullable();
const Ready = z.object({ http: Port, mqtt: Port, metrics: Port, pid: z.int() });

export interface ServiceOptions {
  readonly dataDir: string;
  readonly seedsDir: string;
  /** Address of the NATS servers, and whatever else the service is to find in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
}

/** A service as a process of its own. */
export interface ServiceProcess {
  readonly ready: z.infer<typeof Ready>;
  /** What it wrote on standard error so far. */
  output(): string;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, also of a frozen one. */
  kill(): Promise<void>;
}

/** Starts `hotgrid NAME` on free ports and waits until it says that it is ready. */
export async function startServiceProcess(name: string, options: ServiceOptions): Promise<ServiceProcess> {
  const script = join(ROOT, "services", "hotgrid", "src", "service.ts");
  const flags = ["--data", options.dataDir, "--seeds", options.seedsDir, "--http-port", "0", "--mqtt-port", "0"];
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", script, name, ...flags, ...(options.words ?? [])],
    {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, HOTGRID_METRICS_PORT: "0", ...options.env },
    },
  );
  let output = "";
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), exited.then(() => ({ done: true as const, value: undefined }))]);
  if (first.done) throw new Error(`${name} ended before it was ready:\n${output}`);
  return {
    ready: Ready.parse(JSON.parse(first.value)),
    output: () => output,
    stop: () => {
      child.kill("SIGTERM");
      return exited;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
