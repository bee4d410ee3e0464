import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ApiClient } from "../harness/api-client.ts";
import { startEmbedded, temporaryFolder } from "../harness/embedded.ts";
import { runHotgrid } from "../harness/run-command.ts";
import { freePorts } from "../harness/servers/free-ports.ts";
import { smallCity } from "../harness/small-city.ts";
import { StationClient } from "../harness/station-client.ts";
import { issueSecrets } from "../harness/station-secrets.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const PASSWORD = "a long enough secret";
const MINUTE_MS = 60_000;

test("a city's real start: accounts and secrets from the command line, readings and dead letters, an online backup, a restored system", async () => {
  const folder = temporaryFolder();
  cleanups.push(folder.remove);
  const { dir, seeds } = await smallCity(folder.path, 2, { lon: 120.58, lat: 30.03 });
  const data = join(folder.path, "data");
  const [station] = seeds.stations;
  if (!station) throw new Error("no station");
  const secrets = await issueSecrets(folder.path, data, dir);
  await addOperator(data, dir);

  const [metrics = 0] = await freePorts(1);
  const env = { HOTGRID_METRICS_PORT: String(metrics) };
  const system = await startEmbedded({ dataDir: data, words: ["--no-simulator", "--seeds", dir], env });
  cleanups.push(() => system.kill());
  const client = await StationClient.connect(system.mqtt, station.id, secrets.get(station.id) ?? "");
  cleanups.push(() => client.close());
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const good = [3, 2, 1].map((ago) => ({ phenomenonTime: now - ago * MINUTE_MS, results: { pm25: 30 + ago } }));
  await client.publish([...good, { phenomenonTime: now, results: { pm25: -5 } }]);
  expect(await storedOf(system.http, station.id, 3)).toEqual([33, 32, 31]);
  const told = async (path: string) => (await fetch(`http://127.0.0.1:${metrics}${path}`)).text();
  const ready = async () => JSON.parse(await told("/readyz"));
  await expect.poll(ready).toMatchObject({ ready: true, checks: { readings: "ok" } });
  const text = await told("/metrics");
  expect(text).toContain("hotgrid_gateway_acknowledged_total 1\n");
  expect(text).toContain('hotgrid_recorder_readings_total{outcome="stored"} 3\n');
  expect(text).toContain('hotgrid_log_lag_messages{stream="episodes",consumer="dispatcher"} 0\n');

  // The dead letters have a log and a consumer of their own.
  const letters = async () => {
    const run = await runHotgrid(["dead-letters", "list", "--data", data, "--seeds", dir, "--json"]);
    return JSON.parse(run.stdout);
  };
  await expect.poll(letters, { timeout: 60_000 }).toMatchObject({
    counts: { "implausible-value": 1 },
    items: [{ field: "[3].results.pm25" }],
  });
  const busy = await runHotgrid([
    "dead-letters",
    "replay",
    "--reason",
    "implausible-value",
    "--data",
    data,
    "--seeds",
    dir,
    "--real",
  ]);
  expect(busy.stderr).toMatch(/in use by another/);

  const copy = join(folder.path, "backup");
  const backup = await runHotgrid(["backup", copy, "--data", data]);
  expect(backup.code, backup.stderr).toBe(0);
  expect(await system.stop()).toBe(0);
  const still = await runHotgrid([
    "dead-letters",
    "replay",
    "--reason",
    "implausible-value",
    "--data",
    data,
    "--seeds",
    dir,
    "--real",
  ]);
  expect(still.stdout, still.stderr).toMatch(/0 个读数已送入，1 条仍不可用/);

  const restored = join(folder.path, "restored");
  const restore = await runHotgrid(["restore", copy, "--data", restored, "--real"]);
  expect(restore.code, restore.stderr).toBe(0);
  const again = await startEmbedded({ dataDir: restored, words: ["--no-simulator", "--seeds", dir] });
  cleanups.push(() => again.stop());
  expect(await storedOf(again.http, station.id, 3)).toEqual([33, 32, 31]);
}, 480_000);

test("the directory of a running system is refused to a second one", async () => {
  const folder = temporaryFolder();
  cleanups.push(folder.remove);
  const { dir } = await smallCity(folder.path, 2, { lon: 120.58, lat: 30.03 });
  const data = join(folder.path, "data");
  const words = ["--no-simulator", "--seeds", dir];
  const system = await startEmbedded({ dataDir: data, words });
  cleanups.push(() => system.stop());
  await expect(startEmbedded({ dataDir: data, words })).rejects.toThrow(/in use by another/);
}, 480_000);

async function addOperator(data: string, seedsDir: string): Promise<void> {
  const words = ["--id", "duty", "--name", "值班", "--role", "operator", "--division", "330600"];
  const run = await runHotgrid(["users", "add", ...words, "--data", data, "--seeds", seedsDir], `${PASSWORD}\n`);
  expect(run.code, run.stderr).toBe(0);
}

/** The raw PM2.5 values of the last hour, once there are so many. */
async function storedOf(port: number, stationId: string, count: number): Promise<unknown> {
  const api = new ApiClient(port);
  await api.login("duty", PASSWORD);
  const from = encodeURIComponent(new Date(Date.now() - 60 * MINUTE_MS).toISOString());
  const to = encodeURIComponent(new Date(Date.now() + MINUTE_MS).toISOString());
  let values: unknown[] = [];
  await expect
    .poll(
      async () => {
        const series = (await api.get(
          `/stations/${stationId}/readings?from=${from}&to=${to}&interval=raw&properties=pm25`,
        )) as {
          properties: { pm25?: unknown[] };
        };
        values = series.properties.pm25 ?? [];
        return values.length;
      },
      { timeout: 60_000 },
    )
    .toBe(count);
  return values;
}
