import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../harness/api-client.ts";
import { startEmbedded, temporaryFolder } from "../harness/embedded.ts";
import { runHotgrid } from "../harness/run-command.ts";
import { hasInflux, startInflux, type TimeSeriesServer } from "../harness/servers/influx-server.ts";
import { hasNatsServer, type NatsServer, startNatsServer } from "../harness/servers/nats-server.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../harness/servers/postgres-server.ts";
import { type ServiceProcess, startServiceProcess } from "../harness/service-process.ts";
import { smallCity } from "../harness/small-city.ts";
import { StationClient } from "../harness/station-client.ts";
import { issueSecrets } from "../harness/station-secrets.ts";

const MINUTE_MS = 60_000;
const PASSWORD = "a long enough password";
const hasServers = hasPostgres() && hasInflux() && hasNatsServer();

let folder: ReturnType<typeof temporaryFolder>;
let postgres: PostgresServer;
let influx: TimeSeriesServer;
let nats: NatsServer;
const running: ServiceProcess[] = [];

beforeEach(async () => {
  folder = temporaryFolder();
  if (!hasServers) return;
  [postgres, influx, nats] = await Promise.all([
    startPostgres(false),
    startInflux(join(folder.path, "influx")),
    startNatsServer(join(folder.path, "nats")),
  ]);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.kill()));
  if (hasServers) await Promise.all([postgres.end(), influx.process.end("SIGKILL"), nats.process.end("SIGKILL")]);
  folder.remove();
});

describe.skipIf(!hasServers)("hotgrid migrate (Debian packages postgresql, influxdb, nats-server)", () => {
  test("what one machine had goes on on the servers, also where the move was interrupted", {
    timeout: 600_000,
  }, async () => {
    const data = join(folder.path, "data");
    const { dir, seeds } = await smallCity(folder.path, 3, { lon: 120.58, lat: 30 });
    const common = ["--data", data, "--seeds", dir];
    const env = {
      HOTGRID_POSTGRES_URL: postgres.url("postgres"),
      HOTGRID_INFLUX_URL: influx.url,
      HOTGRID_NATS_SERVERS: nats.address,
    };
    const users = [
      "users",
      "add",
      "--id",
      "chief",
      "--role",
      "administrator",
      "--division",
      "330600",
      "--name",
      "主任",
    ];
    expect((await runHotgrid([...users, ...common], `${PASSWORD}\n`)).code).toBe(0);
    const secrets = await issueSecrets(folder.path, data, dir);
    const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 200 * MINUTE_MS;
    const publish = async (mqtt: number, first: number, count: number) => {
      for (const { id } of seeds.stations) {
        const client = await StationClient.connect(mqtt, id, secrets.get(id) ?? "");
        const minutes = Array.from({ length: count }, (_, i) => first + i);
        await client.publish(
          minutes.map((minute) => ({
            phenomenonTime: from + minute * MINUTE_MS,
            results: { pm25: 20 + (minute % 7), windDirection: minute },
          })),
        );
        await client.close();
      }
    };
    const loggedIn = async (http: number | null | undefined) => {
      const api = new ApiClient(http ?? 0);
      await api.login("chief", PASSWORD);
      return api;
    };
    const range = `from=${from}&to=${from + 400 * MINUTE_MS}&properties=pm25,windDirection`;
    const seriesOf = (api: ApiClient, interval: string) =>
      Promise.all(seeds.stations.map(({ id }) => api.get(`/stations/${id}/readings?interval=${interval}&${range}`)));
    /** Sums are added in another order there. */
    const shown = async (api: ApiClient) =>
      JSON.stringify(
        await Promise.all(["raw", "5m", "1h", "1d"].map((interval) => seriesOf(api, interval))),
        (_, value) => (typeof value === "number" ? Number(value.toPrecision(12)) : value),
      );
    const stored = async (api: ApiClient) =>
      (await seriesOf(api, "raw")).reduce<number>((sum, one) => sum + (one as { times: unknown[] }).times.length, 0);

    const embedded = await startEmbedded({ dataDir: data, words: ["--no-simulator", "--seeds", dir] });
    await publish(embedded.mqtt, 0, 190);
    const here = await loggedIn(embedded.http);
    await expect.poll(() => stored(here), { timeout: 120_000 }).toBe(3 * 190);
    const before = await shown(here);
    expect(await embedded.stop()).toBe(0);

    await influx.process.end("SIGKILL");
    const interrupted = await runHotgrid(["migrate", ...common, "--json"], "", env);
    expect(interrupted).toMatchObject({ code: 2, stderr: expect.stringContaining("InfluxDB: no connection") });
    await influx.process.start();
    const elsewhere = await runHotgrid(["migrate", ...common], "", { ...env, HOTGRID_INFLUX_DATABASE: "another" });
    expect(elsewhere).toMatchObject({ code: 2, stderr: expect.stringContaining("has begun") });
    const moved = await runHotgrid(["migrate", ...common, "--json"], "", env);
    expect(moved).toMatchObject({ code: 0 });
    expect(JSON.parse(moved.stdout)).toMatchObject({ readings: { stations: 3, readings: 3 * 190 } });

    const again = startEmbedded({ dataDir: data, words: ["--no-simulator", "--seeds", dir] });
    await expect(again).rejects.toThrow("moved to servers");
    expect((await runHotgrid(["audit", "verify", ...common], "", env)).code).toBe(0);

    const start = async (name: string) => {
      const service = await startServiceProcess(name, { dataDir: data, seedsDir: dir, env });
      running.push(service);
      return service;
    };
    const [console_, gateway, , , detector] = await Promise.all(
      ["console", "gateway", "recorder", "dispatcher", "detector"].map(start),
    );
    const there = await loggedIn(console_?.ready.http);
    expect(await shown(there)).toBe(before);
    await publish(gateway?.ready.mqtt ?? 0, 190, 5);
    await expect.poll(() => stored(there), { timeout: 120_000 }).toBe(3 * 195);
    // It went on from what it had learned.
    expect(detector?.output()).not.toContain("set aside");
  });
});
