import { Closing, createLog, Unavailable, untilAvailable } from "@hotgrid/runtime";
import { ProcessEnd, writeReadyFile } from "./process-end.ts";
import { readServiceConfig, SERVICE_HELP, type ServiceConfig } from "./service-config.ts";
import { SERVICES, type ServiceName } from "./service-names.ts";
import { type StartedService, startService } from "./start-service.ts";

/** One service as a process of its own: node service.ts gateway|recorder|… [flags]. Waits for its servers; ends by
 *  SIGTERM within 10 s; a bug ends it, too, and a supervisor starts it again. */

/** Longest pause between two tries to start while a server does not answer, ms. Ours: a start is waited for. */
const LONGEST_PAUSE_MS = 2000;

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
function startWhenServed(name: ServiceName, config: ServiceConfig): Promise<StartedService> {
  const start = async () => {
    try {
      return await startService(name, config, log, closing);
    } catch (error) {
      if (error instanceof Unavailable) await closing.run();
      throw error;
    }
  };
  // A signal ends the process, and this with it.
  const never = new AbortController().signal;
  const tell = (err: Unavailable) => log.warn({ err }, "the service waits for a server, to start");
  return untilAvailable(start, never, tell, LONGEST_PAUSE_MS);
}
