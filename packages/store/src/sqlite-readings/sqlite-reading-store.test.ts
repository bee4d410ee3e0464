import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OBSERVED_PROPERTIES, type Reading } from "@hotgrid/contracts";
import { Unavailable } from "@hotgrid/runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ReadingStore } from "../reading-store.ts";
import { readingStoreContract } from "../testing.ts";
import { openSqliteReadingStore } from "./sqlite-reading-store.ts";

const SHAOXING = { utcOffset: "+08:00" };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.UTC(2026, 10, 19, 16);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-readings-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

readingStoreContract("SQLite", async () => {
  const own = mkdtempSync(join(tmpdir(), "hotgrid-readings-"));
  const open = () => openSqliteReadingStore(join(own, "readings.db"), SHAOXING);
  return { store: await open(), reopen: open, dispose: async () => rmSync(own, { recursive: true }) };
});

const minutes = (stationId: string, count: number, from = START): Reading[] =>
  Array.from({ length: count }, (_, i) => ({
    stationId,
    phenomenonTime: from + i * MINUTE,
    resultTime: from,
    results: { pm25: ((i * 7919) % 1000) / 7, pm10: 0.1 * i, windDirection: (i * 37) % 360 },
  }));

const everything = async (store: ReadingStore) => {
  const range = { from: START - DAY, to: START + 3 * DAY, properties: OBSERVED_PROPERTIES, limit: 50_000 };
  const intervals = ["raw", "5m", "1h", "1d"] as const;
  return Promise.all(intervals.map((interval) => store.series({ stationId: "a", interval, ...range })));
};

test("the same readings in another order and other batches give the same bits", async () => {
  const readings = minutes("a", 2500);
  const inOrder = await openSqliteReadingStore(":memory:", SHAOXING);
  await inOrder.append(readings);
  const shuffled = await openSqliteReadingStore(":memory:", SHAOXING);
  const order = readings.toSorted((a, b) => (a.results.pm25 ?? 0) - (b.results.pm25 ?? 0));
  for (let i = 0; i < order.length; i += 170) {
    await shuffled.append(order.slice(i, i + 200));
    await everything(shuffled);
  }
  expect(await everything(shuffled)).toEqual(await everything(inOrder));
  await inOrder.close();
  await shuffled.close();
});

test("a city with days at half an hour has its own midnight", async () => {
  const store = await openSqliteReadingStore(":memory:", { utcOffset: "+05:30" });
  await store.append(minutes("a", 1));
  const day = { stationId: "a", from: START - DAY, to: START + DAY, interval: "1d", properties: ["pm25"] } as const;
  expect((await store.series({ ...day, limit: 9 })).times).toEqual([Date.UTC(2026, 10, 18, 18, 30)]);
  await store.close();
});

test("a file with days of another offset is not opened", async () => {
  const file = join(folder, "readings.db");
  await (await openSqliteReadingStore(file, SHAOXING)).close();
  await expect(openSqliteReadingStore(file, { utcOffset: "+09:00" })).rejects.toThrow("480 min, not 540 min");
  await expect(openSqliteReadingStore(file, { utcOffset: "Shanghai" })).rejects.toThrow("not a UTC offset");
});

test("a file from before a property was known gets its columns and keeps its readings", async () => {
  const file = join(folder, "readings.db");
  const before = await openSqliteReadingStore(file, SHAOXING);
  await before.append(minutes("a", 10));
  await before.close();
  const older = new DatabaseSync(file);
  older.exec("ALTER TABLE raw DROP COLUMN noise");
  for (const table of ["rollup_5m", "rollup_1h", "rollup_1d"]) {
    for (const part of ["n", "power", "min", "max"]) older.exec(`ALTER TABLE ${table} DROP COLUMN noise_${part}`);
  }
  older.close();

  const store = await openSqliteReadingStore(file, SHAOXING);
  await store.append([{ stationId: "a", phenomenonTime: START + DAY, resultTime: 0, results: { noise: 55 } }]);
  const [raw, , , days] = await everything(store);
  expect(raw?.times).toHaveLength(11);
  expect(days?.properties.noise).toEqual([null, 55]);
  await store.close();
});

test("a station that fell silent keeps its latest reading, its days for ever, and a clock ahead removes nothing", async () => {
  const store = await openSqliteReadingStore(":memory:", SHAOXING);
  await store.append([...minutes("silent", 100), ...minutes("a", 10, START + 100 * DAY)]);
  await store.retain(START + 4000 * DAY);
  const latest = await store.latest();
  expect(latest.get("silent")?.phenomenonTime).toBe(START + 99 * MINUTE);
  const range = { from: START, to: START + DAY, properties: ["pm25"], limit: 1000 } as const;
  const silent = { ...range, stationId: "silent" };
  expect((await store.series({ ...silent, interval: "raw" })).times).toHaveLength(1);
  expect((await store.series({ ...silent, interval: "5m" })).times).toHaveLength(20);
  expect((await store.series({ ...silent, interval: "1d", statistic: "count" })).properties).toEqual({ pm25: [100] });
  const after = { stationId: "a", from: START + 99 * DAY, to: START + 101 * DAY, limit: 99 } as const;
  expect((await store.series({ ...after, interval: "raw", properties: ["pm25"] })).times).toHaveLength(10);
  await store.close();
});

test("finer rows that would outlive coarser ones are refused", async () => {
  const retention = { raw: 400 * DAY, "5m": 365 * DAY, "1h": 365 * DAY, "1d": 365 * DAY };
  await expect(openSqliteReadingStore(":memory:", { ...SHAOXING, retention })).rejects.toThrow("raw <= 5m");
});

/** Appends minute after minute for ever and prints how many are committed; what it prints is in the file. */
const WRITER = `
  const { openSqliteReadingStore } = await import(process.argv[1]);
  const store = await openSqliteReadingStore(process.argv[2], { utcOffset: "+08:00" });
  for (let minute = 0; ; minute++) {
    const phenomenonTime = ${START} + minute * ${MINUTE};
    await store.append([{ stationId: "a", phenomenonTime, resultTime: 0, results: { pm25: minute % 100 } }]);
    process.stdout.write(minute + 1 + "\\n");
  }`;

test("a process killed in the middle of writing loses no commit, and its rollups come out right", async () => {
  const file = join(folder, "readings.db");
  const module = new URL("./sqlite-reading-store.ts", import.meta.url).href;
  const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", WRITER, module, file]);
  let committed = 0;
  child.stdout.on("data", (text: Buffer) => {
    committed = Math.max(committed, ...text.toString().trim().split("\n").map(Number));
    if (committed >= 200) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  expect(committed).toBeGreaterThanOrEqual(200);

  const store = await openSqliteReadingStore(file, SHAOXING);
  const count = await store.count();
  expect(count).toBeGreaterThanOrEqual(committed);
  const fresh = await openSqliteReadingStore(":memory:", SHAOXING);
  await fresh.append(minutes("a", count).map((r, i) => ({ ...r, results: { pm25: i % 100 } })));
  expect(await everything(store)).toEqual(await everything(fresh));
  await store.close();
  await fresh.close();
});

const mayMount = process.getuid?.() === 0 && process.platform === "linux";

test.skipIf(!mayMount)(
  "a full disk refuses readings, corrupts nothing, and takes them again (needs root)",
  async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", folder]);
    try {
      const file = join(folder, "readings.db");
      const store = await openSqliteReadingStore(file, SHAOXING);
      writeFileSync(join(folder, "ballast"), Buffer.alloc(2 * 1024 * 1024));
      let stored = 0;
      const fill = async () => {
        for (;;) stored += (await store.append(minutes("a", 500, START + stored * MINUTE))).stored;
      };
      await expect(fill()).rejects.toBeInstanceOf(Unavailable);
      expect(await store.count()).toBe(stored);
      await expect(store.append(minutes("new-station", 1000))).rejects.toBeInstanceOf(Unavailable);

      rmSync(join(folder, "ballast"));
      expect(await store.append(minutes("new-station", 1000))).toMatchObject({ stored: 1000 });
      expect((await store.latest()).get("new-station")?.phenomenonTime).toBe(START + 999 * MINUTE);
      await store.close();
      const sqlite = new DatabaseSync(file);
      expect(sqlite.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
      sqlite.close();
    } finally {
      execFileSync("umount", [folder]);
    }
  },
);
