import { once } from "node:events";
import { createServer } from "node:http";
import { openSqliteBus } from "@hotgrid/bus";
import { Closing, createLog, SystemClock } from "@hotgrid/runtime";
import { openDatabase, StationDirectory } from "@hotgrid/store";
import { Registry } from "prom-client";
import { readConfig } from "./config.ts";
import { startGateway } from "./start-gateway.ts";

/** How often stations that another process added or rotated are read again, ms. Ours. */
const REFRESH_MS = 30_000;

const config = readConfig(process.env);
const log = createLog("gateway", config.logLevel);
const clock = new SystemClock();
const closing = new Closing();

const database = await openDatabase(config.databaseFile);
closing.add("database", () => database.destroy());
const stations = await StationDirectory.open(database);
const refreshing = setInterval(() => {
  stations.refresh().catch((err: unknown) => log.warn({ err }, "stations not read again, will be tried again"));
}, REFRESH_MS);
closing.add("refresh of stations", () => clearInterval(refreshing));
const bus = await openSqliteBus({ file: config.logFile, clock, log });
closing.add("log", () => bus.close());
const metrics = new Registry();
const gateway = await startGateway({ port: config.port, host: config.host, bus, clock, stations, log, metrics });
closing.add("gateway", () => gateway.close());

if (config.metricsPort !== undefined) {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", metrics.contentType);
    metrics.metrics().then(
      (text) => response.end(text),
      (err: unknown) => {
        log.error({ err }, "metrics failed");
        response.writeHead(500).end();
      },
    );
  }).listen(config.metricsPort);
  await once(server, "listening");
  closing.add("metrics", () => server.close());
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    // Nothing is left to run once all is closed; what fails to close is thrown and says so.
    void closing.run();
  });
}
process.stdout.write(`${JSON.stringify({ mqtt: gateway.port, pid: process.pid })}\n`);
