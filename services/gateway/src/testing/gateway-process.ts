import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Station } from "@hotgrid/contracts";
import { createSecret, hashSecret, openDatabase, StationDirectory } from "@hotgrid/store";

const MAIN = resolve(import.meta.dirname, "..", "main.ts");

/** Puts stations into a data directory, and returns their secrets. */
export async function prepareStations(folder: string, stations: readonly Station[]): Promise<Map<string, string>> {
  await mkdir(folder, { recursive: true });
  const database = await openDatabase(join(folder, "hotgrid.sqlite"));
  const directory = await StationDirectory.open(database);
  await directory.upsert(stations);
  const secrets = new Map(stations.map(({ id }) => [id, createSecret()]));
  await directory.setSecretHashes(new Map([...secrets].map(([id, secret]) => [id, hashSecret(secret)])));
  await database.destroy();
  return secrets;
}

export interface GatewayProcess {
  readonly port: number;
  readonly child: ChildProcess;
  /** What it wrote to standard error. */
  errors(): string;
  /** Ends it with a signal and resolves with its exit code. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

/** services/gateway in a process of its own, on a free port. */
export async function startGatewayProcess(
  folder: string,
  { port = 0, nodeOptions = [] }: { readonly port?: number; readonly nodeOptions?: readonly string[] } = {},
): Promise<GatewayProcess> {
  const env = {
    ...process.env,
    HOTGRID_DATA_DIR: folder,
    HOTGRID_MQTT_HOST: "127.0.0.1",
    HOTGRID_MQTT_PORT: String(port),
    HOTGRID_LOG_LEVEL: "warn",
  };
  const child = spawn(process.execPath, [...nodeOptions, MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += String(text);
  });
  const exited = once(child, "exit");
  const failed = exited.then(([code]) => {
    throw new Error(`the gateway ended with ${code}: ${errors}`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), failed]);
  failed.catch(() => undefined);
  const ready = JSON.parse(String(line)) as { mqtt: number };
  return {
    port: ready.mqtt,
    child,
    errors: () => errors,
    stop: async (signal) => {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}
