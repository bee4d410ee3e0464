import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts } from "./free-ports.ts";
import { ServerProcess } from "./server-process.ts";

/** The program that tests run: Debian's, or another version that the variable names. */
const PROGRAM = process.env["HOTGRID_MOSQUITTO"] ?? "/usr/sbin/mosquitto";

/** False where it is not installed: tests that need it skip then, saying so. */
export const hasMosquitto = (): boolean => existsSync(PROGRAM);

export interface Mosquitto {
  readonly port: number;
  readonly process: ServerProcess;
}

/** Mosquitto on a free port, open to everybody on this machine.
 *  @param more further lines of its configuration */
export async function startMosquitto(folder: string, more: readonly string[] = []): Promise<Mosquitto> {
  mkdirSync(folder, { recursive: true });
  const [port = 0] = await freePorts(1);
  const file = join(folder, "mosquitto.conf");
  const lines = [`listener ${port} 127.0.0.1`, "allow_anonymous true", "max_queued_messages 0", ...more];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const process = new ServerProcess(PROGRAM, ["-c", file], /mosquitto version .* running/);
  await process.start();
  return { port, process };
}
