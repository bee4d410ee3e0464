import { chmodSync } from "node:fs";
import { join } from "node:path";
import { openJetStreamBus } from "@hotgrid/bus";
import { snapshotBlob, snapshotFile } from "@hotgrid/detector-service";
import { Closing, createLog, SystemClock } from "@hotgrid/runtime";
import type { Seeds } from "@hotgrid/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { airReading, BEHIND_MINUTES, type Happening } from "../bench/loop/bench-air.ts";
import { calmUntil } from "../bench/loop/warm-detector.ts";
import { chaosCity } from "../chaos/distributed/chaos-city.ts";
import { startReceiver } from "../chaos/distributed/notification-receiver.ts";
import { ApiClient } from "../harness/api-client.ts";
import { startEmbedded, temporaryFolder } from "../harness/embedded.ts";
import { runHotgrid } from "../harness/run-command.ts";
import { startTraceCollector, type TraceCollector } from "../harness/servers/trace-collector.ts";
import { StationClient } from "../harness/station-client.ts";
import { issueSecrets } from "../harness/station-secrets.ts";
import { hasTopology, startTopology, type Topology } from "../harness/topology.ts";

const MINUTE_MS = 60_000;
const PASSWORD = "a long enough password";
/** Stations about the smoke's centre that see it, of 24. */
const NEAR = 4;
/** Long enough for a fire to be confirmed. */
const FIRE_MINUTES = 20;
const READINGS = 24 * FIRE_MINUTES;

/** A small city whose notifications hold nothing back, with somebody to be notified and somebody who takes traces. */
async function setUp() {
  const closing = new Closing();
  const folder = temporaryFolder();
  closing.add("folder", folder.remove);
  // PostgreSQL runs as somebody else where this is root, and has to get through to its own folder.
  chmodSync(folder.path, 0o711);
  const collector = await startTraceCollector();
  closing.add("collector", () => collector.close());
  const receiver = await startReceiver();
  closing.add("receiver", () => receiver.close());
  const city = await chaosCity(folder.path, receiver.url);
  const env = { HOTGRID_LOG_LEVEL: "debug", OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  return { closing, folder: folder.path, collector, city, env };
}

/** What the system of a test is, and where what its processes print is found. */
interface Running {
  readonly mqtt: number;
  readonly http: number;
  readonly output: () => string;
}

const startMinute = () => Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES;

/** Stations that report a fire after the calm that the detector has learned; resolves at the last PUBACK. */
async function burn({ mqtt }: Running, { stations }: Seeds, secrets: ReadonlyMap<string, string>, from: number) {
  const clients = await Promise.all(stations.map(({ id }) => StationClient.connect(mqtt, id, secrets.get(id) ?? "")));
  const fire: Happening = (station, minute, calm) =>
    station < NEAR ? calm + 200 * (0.8 + 0.2 * Math.sin(minute / 2.3 + station)) : calm;
  for (let minute = from; minute < from + FIRE_MINUTES; minute++) {
    const sent = stations.map((station, i) => clients[i]?.publish([airReading(station, i, minute, fire)]));
    await Promise.all(sent);
  }
  for (const client of clients) await client.close();
}

async function addChief(data: string, seedsDir: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const who = ["--id", "chief", "--role", "administrator", "--division", "330600", "--name", "主任"];
  const words = ["users", "add", ...who, "--data", data, "--seeds", seedsDir];
  expect((await runHotgrid(words, `${PASSWORD}\n`, env)).code).toBe(0);
}

const Line = z.looseObject({ service: z.string(), msg: z.string(), reading: z.string().optional() });

/** Lines of the log that have this id, as an operator finds them: grep. */
function linesOf(output: string, reading: string) {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{") && line.includes(`"reading":"${reading}"`))
    .map((line) => Line.parse(JSON.parse(line)));
}

const Tickets = z.object({ items: z.array(z.object({ id: z.string(), reading: z.string(), episodeId: z.string() })) });
const Detail = z.object({
  ticket: z.object({ reading: z.string() }),
  history: z.array(z.object({ action: z.string(), details: z.record(z.string(), z.string()).optional() })),
});

/** Follows the fire's ticket back to its reading, by API, log and traces. */
async function expectOneId(running: Running, seeds: Seeds, from: number, collector: TraceCollector): Promise<void> {
  const api = new ApiClient(running.http);
  await api.login("chief", PASSWORD);
  const local = async () => Tickets.parse(await api.get("/tickets?limit=10")).items;
  await expect.poll(local, { timeout: 30_000 }).toHaveLength(1);
  const [ticket] = await local();
  if (!ticket) throw new Error("there is a ticket");
  const { id, reading, episodeId } = ticket;

  const [stationId = "", time] = reading.split("@");
  const index = seeds.stations.findIndex((station) => station.id === stationId);
  expect(index).toBeLessThan(NEAR);
  const station = seeds.stations[index];
  const sent = Array.from({ length: FIRE_MINUTES }, (_, i) =>
    station ? airReading(station, index, from + i, (_s, _m, calm) => calm).phenomenonTime : 0,
  );
  expect(sent).toContain(Number(time));

  const { history } = Detail.parse(await api.get(`/tickets/${id}`));
  expect(history[0]).toMatchObject({ action: "open", details: { reading, episodeId } });

  const told = () => linesOf(running.output(), reading).map(({ service, msg }) => `${service}: ${msg}`);
  await expect
    .poll(told, { timeout: 20_000 })
    .toEqual(
      expect.arrayContaining([
        "gateway: reading accepted",
        "recorder: reading recorded",
        "detector: episode decided",
        "dispatcher: episode dispatched",
        "dispatcher: ticket changed",
        "notifier: notification attempted",
        "console: shown to browsers",
      ]),
    );
  expect(linesOf(running.output(), reading)).toContainEqual(
    expect.objectContaining({ service: "notifier", ticket: id, step: "opened", outcome: "sent" }),
  );
  await expectOneTrace(reading, id, collector);
}

/** From the reading's publish each span has its parent in the same trace. */
async function expectOneTrace(reading: string, ticket: string, collector: TraceCollector): Promise<void> {
  const spans = () => collector.spans.filter(({ about }) => about["hotgrid.reading"] === reading);
  const services = () =>
    Object.fromEntries(STEPS.map(([name]) => [name, spans().find((span) => span.name === name)?.service]));
  // Processes send what they have every five seconds.
  await expect.poll(services, { timeout: 20_000 }).toEqual(Object.fromEntries(STEPS));
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
  const orphans = () => {
    const ids = new Set(spans().map(({ spanId }) => spanId));
    return spans().filter(({ name, parentSpanId }) => name !== "publish" && !ids.has(parentSpanId ?? ""));
  };
  await expect.poll(orphans, { timeout: 20_000 }).toEqual([]);
  const opened = spans().find((span) => span.name === "ticket" && span.about["hotgrid.action"] === "open");
  const notified = spans().find((span) => span.name === "notify" && span.about["hotgrid.step"] === "opened");
  expect(opened?.about["hotgrid.ticket"]).toBe(ticket);
  expect(notified?.parentSpanId).toBe(opened?.spanId);
}

const STEPS = [
  ["publish", "hotgrid-gateway"],
  ["record", "hotgrid-recorder"],
  ["decide", "hotgrid-detector"],
  ["dispatch", "hotgrid-dispatcher"],
  ["ticket", "hotgrid-dispatcher"],
  ["notify", "hotgrid-notifier"],
  ["show", "hotgrid-console"],
] as const;

const title = "one id leads from a reading to its ticket, in the log, the traces and the API";

describe("the embedded system", () => {
  test(title, { timeout: 120_000 }, async () => {
    const { closing, folder, collector, city, env } = await setUp();
    try {
      const data = join(folder, "data");
      const from = startMinute();
      await addChief(data, city.dir);
      const secrets = await issueSecrets(folder, data, city.dir);
      const state = calmUntil(from, city.seeds.stations, city.seeds.rules);
      await snapshotFile(join(data, "detector.snapshot")).write({ position: 0, state });
      const words = ["--no-simulator", "--seeds", city.dir, "--receivers", city.receivers];
      const system = await startEmbedded({ dataDir: data, words, env });
      closing.add("system", () => system.kill());
      await burn(system, city.seeds, secrets, from);
      await expectOneId(system, city.seeds, from, collector);
      for (const secret of secrets.values()) expect(system.output()).not.toContain(secret);
    } finally {
      await closing.run();
    }
  });
});

describe.skipIf(!hasTopology())("each service in a process of its own (nats-server, influxdb, postgresql)", () => {
  let given: Awaited<ReturnType<typeof setUp>>;
  let topology: Topology;
  const secrets = new Map<string, string>();
  const from = startMinute();
  beforeAll(async () => {
    given = await setUp();
    const { closing, folder, city, env } = given;
    topology = await startTopology({
      ...{ folder, seedsDir: city.dir, receivers: city.receivers, env: () => env },
      members: ["influx", "postgres", ...SERVICES],
      prepare: async ({ dataDir, env }) => {
        await addChief(dataDir, city.dir, env);
        for (const [id, secret] of await issueSecrets(folder, dataDir, city.dir, env)) secrets.set(id, secret);
        await learn(env["HOTGRID_NATS_SERVERS"] ?? "", city.seeds, from);
      },
    });
    closing.add("topology", () => topology.close());
  }, 180_000);
  afterAll(() => given.closing.run());

  test(title, { timeout: 120_000 }, async () => {
    const running: Running = {
      mqtt: topology.mqttPorts[0] ?? 0,
      http: topology.httpPort,
      output: () => SERVICES.map((service) => topology.member(service).output()).join("\n"),
    };
    await burn(running, given.city.seeds, secrets, from);
    await expectOneId(running, given.city.seeds, from, given.collector);
  });

  test.each([
    ["gateway-1", `hotgrid_gateway_readings_accepted_total ${READINGS}`],
    ["recorder-1", `hotgrid_recorder_readings_total{outcome="stored"} ${READINGS}`],
    ["recorder-1", `hotgrid_recorder_reading_delay_seconds_count ${READINGS}`],
    ["recorder-1", 'hotgrid_log_lag_messages{stream="readings",consumer="recorder"} 0'],
    ["detector-1", 'hotgrid_detector_readings_left_out_total{city="3306",reason="late"} 0'],
    ["detector-1", "hotgrid_detector_cities 1"],
    ["dispatcher", 'hotgrid_tickets{state="dispatched",overdue="no"} 1'],
    ["dispatcher", 'hotgrid_episodes{kind="local",status="firing"} 1'],
    ["dispatcher", 'hotgrid_log_lag_messages{stream="episodes",consumer="dispatcher"} 0'],
    ["notifier", 'hotgrid_notifications{receiver="chaos",state="sent"} 1'],
    ["notifier", 'hotgrid_log_lag_messages{stream="tickets",consumer="notifier"} 0'],
    ["console", 'hotgrid_console_answer_seconds_count{route="/api/v1/tickets/:id"} 1'],
    ["console", "hotgrid_console_streams 0"],
    ["console", "nodejs_eventloop_lag_p99_seconds "],
  ])("%s tells that: %s", async (service, line) => {
    const told = async () => {
      const response = await fetch(`http://127.0.0.1:${topology.member(service).ports["metrics"]}/metrics`);
      return (await response.text()).split("\n").filter((one) => one.startsWith(line.slice(0, line.lastIndexOf(" "))));
    };
    await expect.poll(told, { timeout: 10_000 }).toEqual([expect.stringContaining(line)]);
  });

  test("whoever needs a server that is killed is not ready until it is back; the others are all the while", {
    timeout: 180_000,
  }, async () => {
    const unready = async () => {
      const states = await Promise.all(
        SERVICES.map(async (service) => {
          const response = await fetch(`http://127.0.0.1:${topology.member(service).ports["metrics"]}/readyz`);
          const { checks } = Readiness.parse(await response.json());
          const away = Object.keys(checks).filter((check) => checks[check] !== "ok");
          expect(response.status).toBe(away.length === 0 ? 200 : 503);
          return away.map((check) => `${service}: ${check}`);
        }),
      );
      return states.flat().toSorted();
    };
    const killed = async (servers: readonly string[], lost: readonly string[]) => {
      await expect.poll(unready, { timeout: 30_000 }).toEqual([]);
      await Promise.all(servers.map((server) => topology.member(server).kill()));
      await expect.poll(unready, { timeout: 30_000 }).toEqual(lost.toSorted());
      await Promise.all(servers.map((server) => topology.member(server).start()));
      await expect.poll(unready, { timeout: 60_000 }).toEqual([]);
    };
    await killed(["influx"], ["console: readings", "recorder-1: readings"]);
    const withTables = ["console", "dispatcher", "notifier", "recorder-1"];
    await killed(
      ["postgres"],
      withTables.map((service) => `${service}: database`),
    );
    await killed(["nats-1"], []);
    await Promise.all(["nats-2", "nats-3"].map((server) => topology.member(server).kill()));
    const withoutLog = SERVICES.map((service) => `${service}: bus`);
    await expect.poll(unready, { timeout: 30_000 }).toEqual(expect.arrayContaining(withoutLog));
  });
});

const SERVICES = ["console", "notifier", "dispatcher", "detector-1", "recorder-1", "gateway-1"] as const;
const Readiness = z.object({ ready: z.boolean(), checks: z.record(z.string(), z.enum(["ok", "unavailable"])) });

/** Leaves what a detector has learned where the one that takes the city finds it. */
async function learn(servers: string, { stations, rules }: Seeds, from: number): Promise<void> {
  const log = createLog("test", "silent");
  const connection = { servers: servers.split(","), name: "test", replicas: 3, clock: new SystemClock(), log } as const;
  const bus = await openJetStreamBus(connection);
  const state = calmUntil(from, stations, rules);
  await snapshotBlob(await bus.blobs("detector-snapshots"), "3306").write({ position: 0, state });
  await bus.close();
}
