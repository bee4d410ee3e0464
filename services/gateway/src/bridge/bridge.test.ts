import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Bus } from "@hotgrid/bus";
import { readingsTopic, statusTopic } from "@hotgrid/contracts";
import { Unavailable } from "@hotgrid/runtime";
import mqtt, { type MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startCutProxy } from "../../../../test/harness/servers/cut-proxy.ts";
import { freePorts } from "../../../../test/harness/servers/free-ports.ts";
import { hasMosquitto, startMosquitto } from "../../../../test/harness/servers/mosquitto.ts";
import { hasNatsServer, startNatsServer } from "../../../../test/harness/servers/nats-server.ts";
import { type GatewayRun, NOW, reading, startGatewayRun } from "../testing/gateway-run.ts";
import type { BridgeOptions } from "./bridge-options.ts";

const MINUTE_MS = 60_000;
let folder: string;
let station: MqttClient;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotgrid-bridge-"));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true });
});

const optionsOf = (url: string, over: Partial<BridgeOptions> = {}): BridgeOptions => ({
  url,
  clientId: "bridge",
  connections: 4,
  group: "hotgrid",
  city: "9901",
  ...over,
});

async function bridgedGateway(options: BridgeOptions, wrap?: (bus: Bus) => Bus): Promise<GatewayRun> {
  const run = await startGatewayRun({}, wrap, options);
  closing.push(() => run.close());
  const wanted = options.group === null ? 1 : options.connections;
  await expect.poll(() => run.gateway.bridged()).toBe(wanted);
  return run;
}

async function connectStation(url: string): Promise<void> {
  station = await mqtt.connectAsync(url, { protocolVersion: 4, clientId: "HG-1" });
  closing.push(() => station.endAsync(true));
}

/** A reading of each of `count` minutes, from HG-1, HG-2 and HG-3 in turn, all acknowledged by the broker. */
async function publish(count: number, from = 0): Promise<void> {
  const each = Array.from({ length: count }, (_, n) => {
    const i = from + n;
    const payload = reading({ phenomenonTime: NOW - i * MINUTE_MS });
    return station.publishAsync(readingsTopic(`HG-${1 + (i % 3)}`), payload, { qos: 1 });
  });
  await Promise.all(each);
}

const timesOf = async (run: GatewayRun, count: number): Promise<number[]> =>
  (await run.readings(count)).map(({ phenomenonTime }) => (NOW - phenomenonTime) / MINUTE_MS).toSorted((a, b) => a - b);

/** What comes again, since its broker heard nothing of it in time, is in the log twice, and once in the store. */
const seenBy = async (run: GatewayRun) => [...new Set(await timesOf(run, run.gateway.counters().readingsAccepted))];

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe.skipIf(!hasMosquitto())("a bridge from Mosquitto (Debian package mosquitto)", () => {
  let url: string;
  beforeEach(async () => {
    const mosquitto = await startMosquitto(folder);
    closing.push(() => mosquitto.process.end("SIGKILL"));
    url = `mqtt://127.0.0.1:${mosquitto.port}`;
    await connectStation(url);
  });

  test("what stations publish there is judged as if they had published here", async () => {
    const run = await bridgedGateway(optionsOf(url));
    await publish(30);
    await station.publishAsync(readingsTopic("HG-1"), reading({ results: { pm25: -5 } }), { qos: 1 });
    await station.publishAsync(readingsTopic("HG-9"), reading(), { qos: 1 });
    await station.publishAsync(statusTopic("HG-2"), '{"state":"offline"}', { qos: 1 });
    expect(await timesOf(run, 30)).toEqual(upTo(30));
    const letters = await run.deadLetters(2);
    expect(letters.map(({ reason, source }) => [reason, source.stationId]).toSorted()).toEqual([
      ["implausible-value", "HG-1"],
      ["unknown-station", null],
    ]);
    expect(await run.events(1)).toMatchObject([{ kind: "connection", stationId: "HG-2", state: "offline" }]);
    await expect.poll(() => run.gateway.counters().acknowledged).toBe(33);
  });

  test("what was not durable is not acknowledged: it comes again to the gateway that starts next", async () => {
    const full = (bus: Bus): Bus =>
      Object.assign(Object.create(bus), { append: () => Promise.reject(new Unavailable("the disk is full")) });
    const run = await bridgedGateway(optionsOf(url), full);
    await publish(12);
    await expect.poll(() => run.gateway.counters().published).toBeGreaterThan(0);
    expect(run.gateway.counters().acknowledged).toBe(0);
    closing.pop();
    await run.close();
    const next = await bridgedGateway(optionsOf(url));
    expect(await timesOf(next, 12)).toEqual(upTo(12));
  });

  test("cut connections lose nothing", async () => {
    const proxy = await startCutProxy(url.slice("mqtt://".length));
    closing.push(() => proxy.close());
    const run = await bridgedGateway(optionsOf(`mqtt://${proxy.address}`));
    for (const from of [0, 100, 200]) {
      const sent = publish(100, from);
      proxy.cut();
      await sent;
    }
    await expect.poll(() => seenBy(run)).toEqual(upTo(300));
  });

  test("gateways of one group share the work", async () => {
    const one = await bridgedGateway(optionsOf(url, { clientId: "one" }));
    const two = await bridgedGateway(optionsOf(url, { clientId: "two" }));
    await publish(60);
    const accepted = () => [one, two].map((run) => run.gateway.counters().readingsAccepted);
    await expect.poll(() => accepted().reduce((sum, count) => sum + count)).toBe(60);
    expect(accepted()).not.toContain(0);
  });
});

const OPENSSL = "/usr/bin/openssl";
const PASSWD = "/usr/bin/mosquitto_passwd";

test.skipIf(!hasMosquitto() || !existsSync(OPENSSL))(
  "by TLS, with a certificate that only its own authority vouches for, and a password (needs openssl)",
  async () => {
    const [key, cert, passwords] = ["key.pem", "cert.pem", "passwords"].map((name) => join(folder, name));
    const subject = ["-subj", "/CN=broker", "-addext", "subjectAltName=IP:127.0.0.1"];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync(OPENSSL, ["req", "-x509", ...curve, ...subject, "-keyout", `${key}`, "-out", `${cert}`], {
      stdio: "ignore",
    });
    execFileSync(PASSWD, ["-b", "-c", `${passwords}`, "city", "a long enough password"], { stdio: "ignore" });
    const { username: user } = userInfo();
    const lines = [`certfile ${cert}`, `keyfile ${key}`, `password_file ${passwords}`, `user ${user}`];
    const mosquitto = await startMosquitto(folder, lines);
    closing.push(() => mosquitto.process.end("SIGKILL"));
    const url = `mqtts://127.0.0.1:${mosquitto.port}`;
    const authority = readFileSync(`${cert}`, "utf8");
    const login = { username: "city", password: "a long enough password", authority };
    station = await mqtt.connectAsync(url, { protocolVersion: 4, clientId: "HG-1", ca: authority });
    closing.push(() => station.endAsync(true));
    const stranger = await startGatewayRun(
      {},
      undefined,
      optionsOf(url, { ...login, password: "another", clientId: "s" }),
    );
    closing.push(() => stranger.close());
    const run = await bridgedGateway(optionsOf(url, login));
    await publish(30);
    expect(await timesOf(run, 30)).toEqual(upTo(30));
    expect(stranger.gateway.bridged()).toBe(0);
  },
);

test.skipIf(!hasMosquitto())("one connection has many publishes on their way", async () => {
  const mosquitto = await startMosquitto(folder);
  closing.push(() => mosquitto.process.end("SIGKILL"));
  const url = `mqtt://127.0.0.1:${mosquitto.port}`;
  await connectStation(url);
  const held = Promise.withResolvers<void>();
  const holding = (bus: Bus): Bus =>
    Object.assign(Object.create(bus), {
      append: async (...append: Parameters<Bus["append"]>) => {
        await held.promise;
        return bus.append(...append);
      },
    });
  const run = await bridgedGateway(optionsOf(url, { group: null }), holding);
  await publish(50);
  // Mosquitto's own limit, max_inflight_messages.
  await expect.poll(() => run.gateway.counters().published).toBe(20);
  held.resolve();
  expect(await timesOf(run, 50)).toEqual(upTo(50));
  await expect.poll(() => run.gateway.counters().acknowledged).toBe(50);
});

test.skipIf(!hasNatsServer())(
  "NATS' own MQTT, which has no shared subscriptions (Debian package nats-server)",
  async () => {
    const [port = 0] = await freePorts(1);
    const server = await startNatsServer(folder, [`mqtt { listen: "127.0.0.1:${port}" }`]);
    closing.push(() => server.process.end("SIGKILL"));
    const url = `mqtt://127.0.0.1:${port}`;
    await connectStation(url);
    const run = await bridgedGateway(optionsOf(url, { group: null }));
    await publish(30);
    await expect.poll(() => seenBy(run)).toEqual(upTo(30));
  },
);
