import { setTimeout as pause } from "node:timers/promises";
import { Closing, createLog, Unavailable } from "@hotgrid/runtime";
import { ProcessEnd, writeReadyFile } from "./process-end.ts";
import { readServiceConfig, SERVICE_HELP, type ServiceConfig } from "./service-config.ts";
import { SERVICES, type ServiceName } from "./service-names.ts";
import { type StartedService, startService } from "./start-service.ts";

/** One service as a process of its own: node service.ts gateway|recorder|… [flags]. Waits for its servers; ends by
 *  SIGTERM within 10 s; a bug ends it, too, and a supervisor starts it again. */

/** Pause between two tries to start while a server does not answer, ms. Ours. */
const AGAIN_AFTER_MS = 1000;

const [word, ...words] = process.argv.slice(2);
const name = SERVICES.find((service) => service === word);
const log = createLog(name ?? "hotgrid");
const closing = new Closing();
const end = new ProcessEnd(log, closing);

try {
  if (!name) throw new Error(`没有此服务 · no such service: ${word}; one of ${SERVICES.join(", ")}`);
  const config = readServiceConfig(words, process.env);
  if (config === "help") process.stdout.write(SERVICE_HELP);
  else {
    end.onSignals();
    const ready = { ...(await startWhenServed(name, config)), pid: process.pid };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    writeReadyFile(config.readyFile, ready);
  }
} catch (error) {
  await end.fail(error);
}

/** A server that does not answer yet is no reason to die, here as later. */
async function startWhenServed(name: ServiceName, config: ServiceConfig): Promise<StartedService> {
  for (;;) {
    try {
      return await startService(name, config, log, closing);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      log.warn({ err: error }, "the service waits for a server, to start");
      await closing.run();
      await pause(AGAIN_AFTER_MS);
    }
  }
}
