import { join } from "node:path";
import { openJetStreamBus } from "@hotgrid/bus";
import { snapshotBlob, snapshotFile } from "@hotgrid/detector-service";
import { Closing, createLog, SystemClock } from "@hotgrid/runtime";
import type { Seeds } from "@hotgrid/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { airReading, BEHIND_MINUTES, type Happening } from "../bench/loop/bench-air.ts";
import { calmUntil } from "../bench/loop/warm-detector.ts";
import { type ChaosCity, chaosCity } from "../chaos/distributed/chaos-city.ts";
import { startReceiver } from "../chaos/distributed/notification-receiver.ts";
import { ApiClient } from "../harness/api-client.ts";
import { startEmbedded, temporaryFolder } from "../harness/embedded.ts";
import { runHotgrid } from "../harness/run-command.ts";
import { hasNatsServer } from "../harness/servers/nats-server.ts";
import { startTraceCollector, type TraceCollector } from "../harness/servers/trace-collector.ts";
import { StationClient } from "../harness/station-client.ts";
import { issueSecrets } from "../harness/station-secrets.ts";
import { startTopology } from "../harness/topology.ts";

const MINUTE_MS = 60_000;
const PASSWORD = "a long enough password";
/** Stations about the smoke's centre that see it, of 24. */
const NEAR = 4;
/** Long enough for a fire to be confirmed. */
const FIRE_MINUTES = 20;

let folder: ReturnType<typeof temporaryFolder>;
let collector: TraceCollector;
let city: ChaosCity;
const closing = new Closing();
beforeEach(async () => {
  folder = temporaryFolder();
  closing.add("folder", folder.remove);
  collector = await startTraceCollector();
  closing.add("collector", () => collector.close());
  const receiver = await startReceiver();
  closing.add("receiver", () => receiver.close());
  city = await chaosCity(folder.path, receiver.url);
});
afterEach(() => closing.run());

/** What the system of a test is, and where what its processes print is found. */
interface Running {
  readonly mqtt: number;
  readonly http: number;
  readonly output: () => string;
  /** Ends it, so that it has sent its last spans. */
  readonly stop: () => Promise<unknown>;
}

const startMinute = () => Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES;
const env = () => ({ HOTGRID_LOG_LEVEL: "debug", OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });

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

async function addChief(data: string): Promise<void> {
  const who = ["--id", "chief", "--role", "administrator", "--division", "330600", "--name", "主任"];
  const words = ["users", "add", ...who, "--data", data, "--seeds", city.dir];
  expect((await runHotgrid(words, `${PASSWORD}\n`)).code).toBe(0);
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
async function expectOneId(running: Running, seeds: Seeds, from: number): Promise<void> {
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
  await running.stop();
  expectOneTrace(reading, id);
}

/** From the reading's publish each span has its parent in the same trace. */
function expectOneTrace(reading: string, ticket: string): void {
  const spans = collector.spans.filter(({ about }) => about["hotgrid.reading"] === reading);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const service = (name: string) => [...new Set(spans.filter((s) => s.name === name).map((s) => s.service))];
  expect(["publish", "record", "decide", "dispatch", "ticket", "notify", "show"].map(service)).toEqual([
    ["hotgrid-gateway"],
    ["hotgrid-recorder"],
    ["hotgrid-detector"],
    ["hotgrid-dispatcher"],
    ["hotgrid-dispatcher"],
    ["hotgrid-notifier"],
    ["hotgrid-console"],
  ]);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const orphans = spans.filter(({ name, parentSpanId }) => name !== "publish" && !ids.has(parentSpanId ?? ""));
  expect(orphans).toEqual([]);
  const opened = spans.find((s) => s.name === "ticket" && s.about["hotgrid.action"] === "open");
  const notified = spans.find((s) => s.name === "notify" && s.about["hotgrid.step"] === "opened");
  expect(opened?.about["hotgrid.ticket"]).toBe(ticket);
  expect(notified?.parentSpanId).toBe(opened?.spanId);
}

describe("one id leads from a reading to its ticket, in the log, the traces and the API of", () => {
  test("the embedded system", { timeout: 120_000 }, async () => {
    const data = join(folder.path, "data");
    const from = startMinute();
    await addChief(data);
    const secrets = await issueSecrets(folder.path, data, city.dir);
    const state = calmUntil(from, city.seeds.stations, city.seeds.rules);
    await snapshotFile(join(data, "detector.snapshot")).write({ position: 0, state });
    const words = ["--no-simulator", "--seeds", city.dir, "--receivers", city.receivers];
    const system = await startEmbedded({ dataDir: data, words, env: env() });
    closing.add("system", () => system.kill());
    await burn(system, city.seeds, secrets, from);
    await expectOneId(system, city.seeds, from);
    for (const secret of secrets.values()) expect(system.output()).not.toContain(secret);
  });

  test.skipIf(!hasNatsServer())("services in processes of their own", { timeout: 180_000 }, async () => {
    const secrets = new Map<string, string>();
    const from = startMinute();
    const topology = await startTopology({
      ...{ folder: folder.path, seedsDir: city.dir, receivers: city.receivers, env },
      members: ["console", "notifier", "dispatcher", "detector-1", "recorder-1", "gateway-1"],
      prepare: async ({ dataDir, env: { HOTGRID_NATS_SERVERS: servers = "" } }) => {
        await addChief(dataDir);
        for (const [id, secret] of await issueSecrets(folder.path, dataDir, city.dir)) secrets.set(id, secret);
        await learn(servers, from);
      },
    });
    closing.add("topology", () => topology.close());
    const services = [...topology.members.values()].filter(({ ports }) => ports["metrics"] !== undefined);
    const running: Running = {
      mqtt: topology.mqttPorts[0] ?? 0,
      http: topology.httpPort,
      output: () => services.map((service) => service.output()).join("\n"),
      stop: () => Promise.all(services.map((service) => service.stop())),
    };
    await burn(running, city.seeds, secrets, from);
    await expectOneId(running, city.seeds, from);
  });
});

/** Leaves what a detector has learned where the one that takes the city finds it. */
async function learn(servers: string, from: number): Promise<void> {
  const log = createLog("test", "silent");
  const connection = { servers: servers.split(","), name: "test", replicas: 3, clock: new SystemClock(), log } as const;
  const bus = await openJetStreamBus(connection);
  const state = calmUntil(from, city.seeds.stations, city.seeds.rules);
  await snapshotBlob(await bus.blobs("detector-snapshots"), "3306").write({ position: 0, state });
  await bus.close();
}
