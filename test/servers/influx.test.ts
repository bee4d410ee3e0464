import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reading } from "@hotgrid/contracts";
import { Unavailable } from "@hotgrid/runtime";
import { openInfluxReadingStore, type ReadingStore } from "@hotgrid/store";
import { InfluxConnection, readingLine, readingStoreContract } from "@hotgrid/store/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  askInflux,
  hasInflux,
  hasVictoria,
  startInflux,
  startVictoria,
  type TimeSeriesServer,
} from "../harness/servers/influx-server.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Midnight in the city. */
const START = Date.UTC(2026, 10, 19, 16);
const CITY = { utcOffset: "+08:00" };

/** Of the contract's property test: each asks the server some 250 times. */
const CONTRACT_RUNS = 12;

const newDatabase = () => `test_${randomUUID().replaceAll("-", "")}`;
const at = (stationId: string, phenomenonTime: number, pm25: number): Reading => ({
  ...{ stationId, phenomenonTime, resultTime: phenomenonTime },
  results: { pm25 },
});
const minutes = (stationId: string, from: number, count: number): Reading[] =>
  Array.from({ length: count }, (_, i) => at(stationId, from + i * MINUTE, i % 50));

describe.skipIf(!hasInflux())("InfluxDB 1.x (skipped where it is not installed)", () => {
  let folder: string;
  let influx: TimeSeriesServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hotgrid-influx-"));
    influx = await startInflux(folder);
  });
  afterAll(async () => {
    await influx.process.end();
    rmSync(folder, { recursive: true });
  });
  const open = (database: string) => openInfluxReadingStore({ ...CITY, url: influx.url, database, writeVersion: 1 });
  /** What it answers to a write says that it has it. */
  const write = async (database: string, lines: string): Promise<void> => {
    const url = `${influx.url}/write?db=${database}&precision=ms`;
    expect((await fetch(url, { method: "POST", body: lines })).status).toBe(204);
  };

  readingStoreContract(
    "InfluxDB",
    async () => {
      const database = newDatabase();
      return {
        store: await open(database),
        reopen: () => open(database),
        dispose: async () => {
          await askInflux(influx.url, `DROP DATABASE ${database}`);
        },
      };
    },
    CONTRACT_RUNS,
  );

  const hourly = async (store: ReadingStore, stationId = "a") => {
    const range = { from: START - 10 * DAY, to: START + 10 * DAY, limit: 1000, properties: ["pm25"] } as const;
    const { times, properties } = await store.series({ ...range, stationId, interval: "1h", statistic: "count" });
    return times.map((time, i) => [(time - START) / HOUR, properties.pm25?.[i]]);
  };

  test("what a killed recorder had written and not rolled up is rolled up when the log brings it again", async () => {
    const database = newDatabase();
    const before = await open(database);
    await before.append(minutes("a", START, 50));
    // Its last batch, and then it was gone: readings of three hours, no rollups.
    const batch = [...minutes("a", START + 50 * MINUTE, 30), at("a", START + 4 * HOUR, 1)];
    const lines = batch.map((r) => `raw,station=a pm25=${r.results.pm25},readings=1 ${r.phenomenonTime}`);
    await write(database, lines.join("\n"));
    const after = await open(database);
    expect(await after.append(batch)).toMatchObject({ stored: 0, duplicates: 31 });
    expect(await hourly(after)).toEqual([
      [0, 60],
      [1, 20],
      [4, 1],
    ]);
    await before.close();
    await after.close();
  });

  test.each([4999, 5000, 10_000])("%i lines that the server refuses are an error, not lost", async (count) => {
    const connection = new InfluxConnection({ url: influx.url, database: newDatabase(), writeVersion: 1 });
    const writing = connection.write(minutes("a", START, count).map(readingLine));
    await expect(writing).rejects.toThrow("database not found");
    await connection.close();
  });

  test("the last reading alone, delivered again, makes the hour before it final", async () => {
    const database = newDatabase();
    const lines = [...minutes("a", START, 60), at("a", START + HOUR, 1)].map(
      (r) => `raw,station=a pm25=1,readings=1 ${r.phenomenonTime}`,
    );
    const store = await open(database);
    await write(database, lines.join("\n"));
    await store.append([at("a", START + HOUR, 1)]);
    expect(await hourly(store)).toEqual([
      [0, 60],
      [1, 1],
    ]);
    await store.close();
  });

  test("after a gap the hour before it is final, too, whatever of what came after the gap is delivered again", async () => {
    const database = newDatabase();
    const before = await open(database);
    await before.append(minutes("a", START - HOUR, 50));
    await before.close();
    // The next day's first hours: written, and then the recorder was gone.
    const batch = [at("a", START - 2 * HOUR, 9), at("a", START + 2 * HOUR, 1), at("a", START + 4 * HOUR, 1)];
    await write(database, batch.map(readingLine).join("\n"));
    const after = await open(database);
    expect(await after.append(batch)).toMatchObject({ stored: 0, duplicates: 3 });
    expect(await hourly(after)).toEqual([
      [-2, 1],
      [-1, 50],
      [2, 1],
      [4, 1],
    ]);
    // The day that is not over is nobody's yet.
    expect(await askInflux(influx.url, "SELECT readings FROM rollup_1d", database)).toMatchObject({
      series: [{ values: [[expect.any(String), 51]] }],
    });
    await after.close();
  });

  test("two recorders share the stations: whatever came to whom, the rollups hold all of it", async () => {
    const database = newDatabase();
    const [one, two] = [await open(database), await open(database)];
    const all = [...minutes("a", START, 200), ...minutes("b", START, 200)];
    for (let i = 0; i < all.length; i += 10) await (i % 20 === 0 ? one : two).append(all.slice(i, i + 10));
    const tail = [at("a", START + 5 * HOUR, 1), at("b", START + 5 * HOUR, 1)];
    await one.append(tail);
    await two.append([at("a", START + 6 * HOUR, 1), at("b", START + 6 * HOUR, 1)]);
    const expected = [
      [0, 60],
      [1, 60],
      [2, 60],
      [3, 20],
      [5, 1],
      [6, 1],
    ];
    for (const store of [one, two])
      for (const station of ["a", "b"]) expect(await hourly(store, station)).toEqual(expected);
    expect(await one.count()).toBe(404);
    await one.close();
    await two.close();
  });

  test("a station that fell silent keeps its latest reading and its hours, also when its raw readings are removed", async () => {
    const database = newDatabase();
    const store = await open(database);
    await store.append([...minutes("silent", START, 30), at("a", START + 100 * DAY, 7)]);
    for (let sweep = 0; sweep < 2; sweep++) await store.retain(START + 4000 * DAY);
    const again = await open(database);
    expect(Object.fromEntries(await again.latest())).toEqual({
      silent: { phenomenonTime: START + 29 * MINUTE, results: { pm25: 29 } },
      a: { phenomenonTime: START + 100 * DAY, results: { pm25: 7 } },
    });
    expect(await hourly(again, "silent")).toEqual([[0, 30]]);
    expect(await again.count()).toBe(31);
    expect(await askInflux(influx.url, "SELECT count(readings) FROM raw", database)).toMatchObject({
      series: [{ values: [[expect.any(String), 1]] }],
    });
    await store.close();
    await again.close();
  });

  test("days of another offset are not mixed into a database", async () => {
    const database = newDatabase();
    await (await open(database)).close();
    const other = openInfluxReadingStore({ utcOffset: "+09:00", url: influx.url, database, writeVersion: 1 });
    await expect(other).rejects.toThrow("480 min, not 540 min");
  });

  test("a server that is killed is unavailable; what was appended is there when it is back, and the rest follows", async () => {
    const database = newDatabase();
    const store = await open(database);
    await store.append(minutes("a", START, 100));
    await influx.process.end("SIGKILL");
    const rest = minutes("a", START + 100 * MINUTE, 100);
    await expect(store.append(rest)).rejects.toBeInstanceOf(Unavailable);
    await expect(store.latest()).rejects.toBeInstanceOf(Unavailable);
    await influx.process.start();
    expect(await store.count()).toBe(100);
    expect(await store.append(rest)).toMatchObject({ stored: 100, duplicates: 0 });
    expect(await hourly(store)).toEqual([
      [0, 60],
      [1, 60],
      [2, 60],
      [3, 20],
    ]);
    await store.close();
  });

  test("a field of another type in the database is an error that says so, not a reading lost", async () => {
    const database = newDatabase();
    const store = await open(database);
    await write(database, `raw,station=x pm25="text" ${START}`);
    await expect(store.append([at("a", START, 1)])).rejects.toThrow("field type conflict");
    await store.close();
  });

  test("user and password come from a file; without them the server's refusal is an error, not a reason to wait", async () => {
    const guarded = await startInflux(join(folder, "guarded"), true);
    await askInflux(guarded.url, "CREATE USER hotgrid WITH PASSWORD 'only-on-loopback' WITH ALL PRIVILEGES");
    const secretFile = join(folder, "secret");
    writeFileSync(secretFile, "hotgrid:only-on-loopback\n");
    const options = { ...CITY, url: guarded.url, database: "hotgrid", writeVersion: 1 } as const;
    const store = await openInfluxReadingStore({ ...options, secretFile });
    expect(await store.append([at("a", START, 1)])).toMatchObject({ stored: 1 });
    await store.close();
    const stranger = openInfluxReadingStore(options);
    await expect(stranger).rejects.toThrow("401");
    await expect(stranger).rejects.not.toBeInstanceOf(Unavailable);
    await guarded.process.end();
  });
});

test.skipIf(!hasVictoria())(
  "the write path of InfluxDB 2 takes the same lines, as VictoriaMetrics serves it (skipped where it is not installed)",
  async () => {
    // It takes nothing from the future, by the machine's clock.
    const readings = minutes("HG-330602-017", Math.floor(Date.now() / DAY) * DAY - 10 * DAY, 6000);
    const folder = mkdtempSync(join(tmpdir(), "hotgrid-victoria-"));
    const victoria = await startVictoria(folder);
    const connection = new InfluxConnection({ url: victoria.url, database: "air", org: "city", writeVersion: 2 });
    await connection.write(readings.map(readingLine));
    const match = encodeURIComponent('raw_pm25{station="HG-330602-017"}');
    const start = (Math.floor(Date.now() / DAY) * DAY) / 1000 - 11 * 86_400;
    const exported = async (): Promise<number[]> => {
      await fetch(`${victoria.url}/internal/force_flush`);
      const text = await (await fetch(`${victoria.url}/api/v1/export?match[]=${match}&start=${start}`)).text();
      const lines = text.split("\n").filter((line) => line !== "");
      return lines.flatMap((line) => JSON.parse(line).timestamps).toSorted();
    };
    // It shows what it has taken a moment later.
    let times = await exported();
    while (times.length < readings.length) times = await exported();
    expect(times).toEqual(readings.map(({ phenomenonTime }) => phenomenonTime));
    await victoria.process.end();
    await expect(connection.write(["raw,station=a pm25=1 1"])).rejects.toBeInstanceOf(Unavailable);
    await connection.close();
    rmSync(folder, { recursive: true });
  },
);
