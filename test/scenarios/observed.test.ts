import { chmodSync } from "node:fs";
import { join } from "node:path";
import { openJetStreamBus } from "@hotgrid/bus";
import { ReadinessView } from "@hotgrid/contracts";
import { snapshotBlob, snapshotFile } from "@hotgrid/detector-service";
import { Closing, createLog, SystemClock } from "@hotgrid/runtime";
import { openPostgresDatabase, type Seeds } from "@hotgrid/store";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BEHIND_MINUTES } from "../bench/loop/bench-air.ts";
import { calmUntil } from "../bench/loop/warm-detector.ts";
import { chaosCity } from "../chaos/distributed/chaos-city.ts";
import { startReceiver } from "../chaos/distributed/notification-receiver.ts";
import { startEmbedded, temporaryFolder } from "../harness/embedded.ts";
import { hasPrometheus, startPrometheus } from "../harness/servers/prometheus.ts";
import { startTraceCollector } from "../harness/servers/trace-collector.ts";
import { issueSecrets } from "../harness/station-secrets.ts";
import { hasTopology, startTopology, type Topology } from "../harness/topology.ts";
import { ALERTS_FILE, alertSelectors, dashboardExpressions } from "./observed/dashboard.ts";
import { addChief, burn, expectOneId, FIRE_MINUTES, type Running } from "./observed/one-fire.ts";

const MINUTE_MS = 60_000;
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

const startMinute = () => Math.floor(Date.now() / MINUTE_MS) - BEHIND_MINUTES;

const title = "one id leads from a reading to its ticket, in the log, the traces and the API";

describe("the embedded system", () => {
  test(title, { timeout: 480_000 }, async () => {
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
  }, 480_000);
  afterAll(() => given.closing.run());

  test(title, { timeout: 480_000 }, async () => {
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
    await expect.poll(told).toEqual([expect.stringContaining(line)]);
  });

  test.skipIf(!hasPrometheus())(
    "every panel of the dashboard, and every series that an alert looks at, is there with its labels (Debian package prometheus)",
    { timeout: 480_000 },
    async () => {
      const targets = SERVICES.map((service) => ({
        labels: { service: service.replace(/-\d$/, "") },
        address: `127.0.0.1:${topology.member(service).ports["metrics"]}`,
      }));
      const prometheus = await startPrometheus(join(given.folder, "prometheus"), "hotgrid", targets, ALERTS_FILE);
      given.closing.add("prometheus", () => prometheus.process.end("SIGKILL"));
      for (const { expr, labels } of [...dashboardExpressions(), ...alertSelectors()]) {
        const complete = async () => {
          const series = await prometheus.query(expr);
          return series.length > 0 && series.every((one) => labels.every((label) => one[label]));
        };
        await expect.poll(complete, { timeout: 60_000, message: `${expr} by ${labels.join(", ")}` }).toBe(true);
      }
      const failing = async () => (await prometheus.rules()).filter(({ health }) => health !== "ok");
      await expect.poll(failing, { timeout: 60_000 }).toEqual([]);
    },
  );

  /** What is not ready, and why, as each service's port tells it, and the console's interface. */
  const unready = async () => {
    const ports = SERVICES.map((service) => [service, `${topology.member(service).ports["metrics"]}`] as const);
    const all = [...ports, ["console", `${topology.httpPort}/api/v1`] as const];
    const states = await Promise.all(
      all.map(async ([service, port]) => {
        const response = await fetch(`http://127.0.0.1:${port}/readyz`);
        const { ready, checks } = ReadinessView.parse(await response.json());
        expect(response.status).toBe(ready ? 200 : 503);
        const away = Object.entries(checks).filter(([, state]) => state !== "ok");
        expect(ready).toBe(away.length === 0);
        return away.map(([part, state]) => `${service}: ${part} ${state}`);
      }),
    );
    return [...new Set(states.flat())].toSorted();
  };
  const allReady = () => expect.poll(unready, { timeout: 60_000 }).toEqual([]);
  const withTables = (state: string) =>
    ["console", "dispatcher", "notifier", "recorder-1"].map((service) => `${service}: database ${state}`);

  test("a PostgreSQL that may not be written to, as a standby, and an InfluxDB that gives no answer are told apart from what is away", {
    timeout: 480_000,
  }, async () => {
    const database = await openPostgresDatabase({ url: topology.env["HOTGRID_POSTGRES_URL"] ?? "" });
    const standby = async (setting: string) => {
      await sql.raw(`alter system ${setting}`).execute(database);
      await sql`select pg_reload_conf()`.execute(database);
    };
    await allReady();
    await standby("set default_transaction_read_only = on");
    await expect.poll(unready, { timeout: 60_000 }).toEqual(withTables("refuses"));
    await standby("reset default_transaction_read_only");
    await database.destroy();
    await allReady();

    topology.member("influx").signal("SIGSTOP");
    await expect
      .poll(unready, { timeout: 60_000 })
      .toEqual(["console: readings silent", "recorder-1: readings silent"]);
    topology.member("influx").signal("SIGCONT");
    await allReady();
  });

  test("whoever needs a server that is killed is not ready until it is back; the others are all the while", {
    timeout: 300_000,
  }, async () => {
    const killed = async (servers: readonly string[], lost: readonly string[]) => {
      await allReady();
      await Promise.all(servers.map((server) => topology.member(server).kill()));
      await expect.poll(unready, { timeout: 60_000 }).toEqual(lost.toSorted());
      await Promise.all(servers.map((server) => topology.member(server).start()));
      await allReady();
    };
    await killed(["influx"], ["console: readings unavailable", "recorder-1: readings unavailable"]);
    await killed(["postgres"], withTables("unavailable"));
    await killed(["nats-1"], []);
    await Promise.all(["nats-2", "nats-3"].map((server) => topology.member(server).kill()));
    const withoutLog = SERVICES.map((service) => expect.stringMatching(`${service}: bus (unavailable|silent)`));
    await expect.poll(unready, { timeout: 60_000 }).toEqual(expect.arrayContaining(withoutLog));
  });
});

const SERVICES = ["console", "notifier", "dispatcher", "detector-1", "recorder-1", "gateway-1"] as const;

/** Leaves what a detector has learned where the one that takes the city finds it. */
async function learn(servers: string, { stations, rules }: Seeds, from: number): Promise<void> {
  const log = createLog("test", "silent");
  const connection = { servers: servers.split(","), name: "test", replicas: 3, clock: new SystemClock(), log } as const;
  const bus = await openJetStreamBus(connection);
  const state = calmUntil(from, stations, rules);
  await snapshotBlob(await bus.blobs("detector-snapshots"), "3306").write({ position: 0, state });
  await bus.close();
}
