import { join } from "node:path";
import { decodeJson, openJetStreamBus } from "@hotgrid/bus";
import { ReadingsMessage, readingsTopic } from "@hotgrid/contracts";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { connectAsync } from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../harness/embedded.ts";
import { freePorts } from "../harness/servers/free-ports.ts";
import { hasMosquitto, startMosquitto } from "../harness/servers/mosquitto.ts";
import { hasNatsServer, type NatsServer, startNatsServer } from "../harness/servers/nats-server.ts";
import { type ServiceProcess, serviceProcess, startServiceProcess } from "../harness/service-process.ts";
import { smallCity } from "../harness/small-city.ts";
import { StationClient } from "../harness/station-client.ts";
import { issueSecrets } from "../harness/station-secrets.ts";

const MINUTE_MS = 60_000;
/** Enough of them that a kill comes in their midst. */
const MESSAGES = 2000;
let folder: ReturnType<typeof temporaryFolder>;
let nats: NatsServer;
const running: ServiceProcess[] = [];
const closings: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = temporaryFolder();
  if (hasNatsServer()) nats = await startNatsServer(join(folder.path, "nats"));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.kill()));
  for (const close of closings.splice(0).toReversed()) await close();
  await nats?.process.end("SIGKILL");
  folder.remove();
});

describe.skipIf(!hasNatsServer())("each service in a process of its own (Debian package nats-server)", () => {
  test.skipIf(!hasMosquitto())(
    "kill -9 of a gateway loses nothing that Mosquitto has acknowledged",
    { timeout: 480_000 },
    async () => {
      const data = join(folder.path, "data");
      const { dir, seeds } = await smallCity(folder.path, 1, { lon: 120.58, lat: 30 });
      const mosquitto = await startMosquitto(join(folder.path, "mosquitto"));
      closings.push(() => mosquitto.process.end("SIGKILL"));
      const env = {
        HOTGRID_NATS_SERVERS: nats.address,
        HOTGRID_BRIDGE_URL: `mqtt://127.0.0.1:${mosquitto.port}`,
        HOTGRID_BRIDGE_CLIENT_ID: "first",
      };
      const start = async () => {
        const service = await startServiceProcess("gateway", { dataDir: data, seedsDir: dir, env });
        running.push(service);
        return service;
      };
      const gateway = await start();
      const client = await connectAsync(env.HOTGRID_BRIDGE_URL, { protocolVersion: 5 });
      const id = seeds.stations[0]?.id ?? "";
      const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 60 * MINUTE_MS;
      const publish = async (n: number) => {
        const reading = { phenomenonTime: from + n * 1000, results: { pm25: 35 } };
        await client.publishAsync(readingsTopic(id), JSON.stringify(reading), { qos: 1 });
      };
      const log = createLog("test", "silent");
      const bus = await openJetStreamBus({
        servers: [nats.address],
        name: "t",
        replicas: 1,
        clock: new SystemClock(),
        log,
      });
      const seen = new Set<number>();
      const stop = new AbortController();
      const reading = (async () => {
        for await (const batch of bus.read("readings", { from: 1, batch: 100 }, stop.signal)) {
          for (const { data } of batch) {
            const message = decodeJson(ReadingsMessage, data);
            if (message.kind === "readings")
              for (const { phenomenonTime } of message.readings) seen.add(phenomenonTime);
          }
        }
      })();
      // The subscription is made once the first one arrives.
      await expect.poll(async () => publish(0).then(() => seen.has(from)), { timeout: 60_000 }).toBe(true);
      const published = Array.from({ length: MESSAGES }, (_, n) => publish(n));
      await expect.poll(() => seen.size).toBeGreaterThan(20);
      await gateway.kill();
      await Promise.all(published);
      await start();
      await expect.poll(() => seen.size, { timeout: 90_000 }).toBe(MESSAGES);
      stop.abort();
      await reading;
      await bus.close();
      await client.endAsync(true);
    },
  );

  test("a gateway starts once there is a log, is not ready while the log is down, and is again when it is back", {
    timeout: 480_000,
  }, async () => {
    const { dir } = await smallCity(folder.path, 1, { lon: 120.58, lat: 30 });
    const [metrics = 0] = await freePorts(1);
    const env = { HOTGRID_NATS_SERVERS: nats.address };
    const options = { dataDir: join(folder.path, "data"), seedsDir: dir, env, ports: { metrics } };
    const gateway = serviceProcess("gateway", options);
    closings.push(() => gateway.end("SIGKILL"));
    await nats.process.end("SIGKILL");
    const starting = gateway.start();
    await expect.poll(() => gateway.output(), { timeout: 60_000 }).toContain("waits for a server");
    await nats.process.start();
    await starting;
    const ready = async () => {
      const response = await fetch(`http://127.0.0.1:${metrics}/readyz`);
      return [response.status, await response.json()];
    };
    const whole = [200, { ready: true, checks: { bus: "ok", log: "ok" } }];
    await expect.poll(ready).toEqual(whole);
    await nats.process.end("SIGKILL");
    await expect.poll(ready).toMatchObject([503, { ready: false, checks: { bus: "unavailable" } }]);
    await nats.process.start();
    await expect.poll(ready, { timeout: 60_000 }).toEqual(whole);
    const told = await fetch(`http://127.0.0.1:${metrics}/metrics`);
    expect(await told.text()).toContain("hotgrid_gateway_connections");
  });

  test("a gateway whose log answers but takes nothing is not ready until there is room again", {
    timeout: 480_000,
  }, async () => {
    const data = join(folder.path, "data");
    const { dir, seeds } = await smallCity(folder.path, 1, { lon: 120.58, lat: 30 });
    const secrets = await issueSecrets(folder.path, data, dir);
    const env = { HOTGRID_NATS_SERVERS: nats.address, HOTGRID_NATS_MAX_BYTES: "1000000" };
    const gateway = await startServiceProcess("gateway", { dataDir: data, seedsDir: dir, env });
    running.push(gateway);
    const ready = async () => {
      const response = await fetch(`http://127.0.0.1:${gateway.ready.metrics}/readyz`);
      return [response.status, await response.json()];
    };
    const id = seeds.stations[0]?.id ?? "";
    const client = await StationClient.connect(gateway.ready.mqtt ?? 0, id, secrets.get(id) ?? "");
    closings.push(() => client.close());
    const from = Date.now() - 24 * 60 * MINUTE_MS;
    // Some 60 bytes each: together more than a stream may hold.
    const published = Array.from({ length: 40 }, (_, n) =>
      client.publish(
        Array.from({ length: 500 }, (_, i) => ({ phenomenonTime: from + (n * 500 + i) * 1000, results: { pm25: 35 } })),
      ),
    );
    const all = Promise.all(published);
    const full = [503, { ready: false, checks: { bus: "ok", log: "refuses" } }];
    await expect.poll(ready, { timeout: 60_000 }).toEqual(full);
    const larger = { servers: [nats.address], name: "t", replicas: 1, maxBytes: 1e8 } as const;
    const bus = await openJetStreamBus({ ...larger, clock: new SystemClock(), log: createLog("test", "silent") });
    closings.push(() => bus.close());
    await all;
    await expect.poll(ready, { timeout: 60_000 }).toEqual([200, { ready: true, checks: { bus: "ok", log: "ok" } }]);
  });

  test("a service without the servers' address says which variable to set", async () => {
    const options = { dataDir: folder.path, seedsDir: folder.path, env: { HOTGRID_NATS_SERVERS: "" } };
    await expect(startServiceProcess("recorder", options)).rejects.toThrow(/HOTGRID_NATS_SERVERS/);
  });
});
