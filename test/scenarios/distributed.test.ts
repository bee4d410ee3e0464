import { join } from "node:path";
import { decodeJson, openJetStreamBus } from "@hotgrid/bus";
import { ReadingsMessage, readingsTopic } from "@hotgrid/contracts";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { connectAsync } from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../harness/api-client.ts";
import { temporaryFolder } from "../harness/embedded.ts";
import { runHotgrid } from "../harness/run-command.ts";
import { hasMosquitto, startMosquitto } from "../harness/servers/mosquitto.ts";
import { hasNatsServer, type NatsServer, startNatsServer } from "../harness/servers/nats-server.ts";
import { type ServiceProcess, startServiceProcess } from "../harness/service-process.ts";
import { smallCity } from "../harness/small-city.ts";
import { StationClient } from "../harness/station-client.ts";
import { issueSecrets } from "../harness/station-secrets.ts";
import { hasTopology, startTopology } from "../harness/topology.ts";

const MINUTE_MS = 60_000;
/** Enough of them that a kill comes in their midst. */
const MESSAGES = 2000;
const PASSWORD = "a long enough password";
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

describe.skipIf(!hasTopology())("the whole topology (Debian packages nats-server, influxdb, postgresql)", () => {
  test("what a gateway acknowledged shows on the console, whoever was killed meanwhile", {
    timeout: 180_000,
  }, async () => {
    const { dir, seeds } = await smallCity(folder.path, 3, { lon: 120.58, lat: 30 });
    const place = ["--division", "330600", "--name", "主任", "--seeds", dir];
    const users = ["users", "add", "--id", "chief", "--role", "administrator", ...place];
    let secrets = new Map<string, string>();
    const topology = await startTopology({
      seedsDir: dir,
      prepare: async ({ dataDir, env }) => {
        const added = await runHotgrid([...users, "--data", dataDir], `${PASSWORD}\n`, env);
        expect(added).toMatchObject({ code: 0 });
        secrets = await issueSecrets(folder.path, dataDir, dir, env);
      },
    });
    closings.push(() => topology.close());
    const clients = await Promise.all(
      seeds.stations.slice(0, 2).map(({ id }, i) => {
        return StationClient.connect(topology.mqttPorts[i] ?? 0, id, secrets.get(id) ?? "");
      }),
    );
    closings.push(...clients.map((client) => () => client.close()));
    const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 60 * MINUTE_MS;
    const publish = async (minute: number) => {
      const reading = { phenomenonTime: from + minute * MINUTE_MS, results: { pm25: minute } };
      await Promise.all(clients.map((client) => client.publish([reading])));
    };
    const faults = ["recorder-1", "nats-2", "influx", "postgres"];
    for (const [i, name] of faults.entries()) {
      await publish(2 * i);
      await topology.member(name).kill();
      const whileDown = publish(2 * i + 1);
      await topology.member(name).start();
      await whileDown;
    }

    const api = new ApiClient(topology.httpPort);
    await api.login("chief", PASSWORD);
    const range = `from=${from}&to=${from + 60 * MINUTE_MS}&interval=raw&properties=pm25`;
    const values = () =>
      Promise.all(
        clients.map(async ({ stationId }) => {
          const series = await api.get(`/stations/${stationId}/readings?${range}`);
          return (series as { properties: { pm25?: number[] } }).properties.pm25;
        }),
      );
    const all = Array.from({ length: 2 * faults.length }, (_, minute) => minute);
    await expect.poll(values, { timeout: 30_000 }).toEqual([all, all]);
    const told = (names: readonly string[]) => async () => {
      const texts = names.map(async (name) =>
        (await fetch(`http://127.0.0.1:${topology.member(name).ports["metrics"]}/metrics`)).text(),
      );
      return (await Promise.all(texts)).join("\n");
    };
    expect(await told(["recorder-1"])()).toContain('hotgrid_log_lag_messages{stream="readings",consumer="recorder"}');
    const taken = /^hotgrid_detector_readings_total\{city="3306"\} \d+$/m;
    await expect.poll(told(["detector-1", "detector-2"]), { timeout: 20_000 }).toMatch(taken);
    const settled = 'hotgrid_log_lag_messages{stream="episodes",consumer="dispatcher"} 0';
    expect(await told(["dispatcher"])()).toContain(settled);
    expect(await told(["console"])()).toContain("nodejs_eventloop_lag_p99_seconds");
    expect(await topology.member("gateway-1").stop()).toBe(0);
  });
});

describe.skipIf(!hasNatsServer())("each service in a process of its own (Debian package nats-server)", () => {
  test.skipIf(!hasMosquitto())(
    "kill -9 of a gateway loses nothing that Mosquitto has acknowledged",
    { timeout: 240_000 },
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
      await expect.poll(async () => publish(0).then(() => seen.has(from)), { timeout: 20_000 }).toBe(true);
      const published = Array.from({ length: MESSAGES }, (_, n) => publish(n));
      await expect.poll(() => seen.size).toBeGreaterThan(20);
      await gateway.kill();
      await Promise.all(published);
      await start();
      await expect.poll(() => seen.size, { timeout: 30_000 }).toBe(MESSAGES);
      stop.abort();
      await reading;
      await bus.close();
      await client.endAsync(true);
    },
  );

  test("a gateway whose log is down is not ready, and is again when the log is back", { timeout: 60_000 }, async () => {
    const data = join(folder.path, "data");
    const { dir } = await smallCity(folder.path, 1, { lon: 120.58, lat: 30 });
    const env = { HOTGRID_NATS_SERVERS: nats.address };
    const gateway = await startServiceProcess("gateway", { dataDir: data, seedsDir: dir, env });
    running.push(gateway);
    const ready = async () => {
      const response = await fetch(`http://127.0.0.1:${gateway.ready.metrics}/readyz`);
      return [response.status, await response.json()];
    };
    expect(await ready()).toEqual([200, { ready: true, checks: { bus: "ok", database: "ok" } }]);
    await nats.process.end("SIGKILL");
    const down = [503, { ready: false, checks: { bus: "unavailable", database: "ok" } }];
    await expect.poll(ready).toEqual(down);
    await nats.process.start();
    await expect.poll(ready, { timeout: 10_000 }).toMatchObject([200, {}]);
    const metrics = await fetch(`http://127.0.0.1:${gateway.ready.metrics}/metrics`);
    expect(await metrics.text()).toContain("hotgrid_gateway_connections");
  });

  test("a service without the servers' address says which variable to set", async () => {
    const options = { dataDir: folder.path, seedsDir: folder.path, env: { HOTGRID_NATS_SERVERS: "" } };
    await expect(startServiceProcess("recorder", options)).rejects.toThrow(/HOTGRID_NATS_SERVERS/);
  });
});
