import { renameSync, writeFileSync } from "node:fs";
import { Closing, createLog } from "@hotgrid/runtime";
import { say } from "./greeting.ts";
import { readServiceConfig, SERVICE_HELP } from "./service-config.ts";
import { SERVICES } from "./service-names.ts";
import { type StartedService, startService } from "./start-service.ts";

/** One service as a process of its own: node service.ts gateway|recorder|… [flags]. Ends by SIGTERM within 10 s; a bug
 *  ends it, too, and a supervisor starts it again. */
const DRAIN_WITHIN_MS = 10_000;

const [word, ...words] = process.argv.slice(2);
const name = SERVICES.find((service) => service === word);
const log = createLog(name ?? "hotgrid");
const closing = new Closing();
let stopping = false;

try {
  if (!name) throw new Error(`没有此服务 · no such service: ${word}; one of ${SERVICES.join(", ")}`);
  const config = readServiceConfig(words, process.env);
  if (config === "help") process.stdout.write(SERVICE_HELP);
  else {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(0));
    tellReady(await startService(name, config, log, closing), config.readyFile);
  }
} catch (error) {
  const known = error instanceof Error ? error : new Error(String(error));
  say(known.message);
  log.error({ err: known }, "stopped");
  await stop(1);
}

/** One line on standard output, and the file where one is asked for. */
function tellReady(ports: StartedService, file: string | null): void {
  const ready = JSON.stringify({ ...ports, pid: process.pid });
  process.stdout.write(`${ready}\n`);
  if (file === null) return;
  writeFileSync(`${file}.new`, ready);
  renameSync(`${file}.new`, file);
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  const overdue = setTimeout(() => {
    log.error("did not drain in time");
    process.exit(1);
  }, DRAIN_WITHIN_MS);
  try {
    await closing.run();
  } catch (error) {
    log.error({ err: error }, "closing failed");
    process.exit(1);
  }
  clearTimeout(overdue);
  process.exit(code);
}
