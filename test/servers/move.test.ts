import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openSqliteBus, openUnsettledLog } from "@hotgrid/bus";
import { createLog, SystemClock } from "@hotgrid/runtime";
import {
  type Database,
  type MovedTable,
  moveReadings,
  moveTables,
  openDatabase,
  openInfluxReadingStore,
  openPostgresDatabase,
  openSqliteReadingStore,
  type ReadingsProgress,
  readSeeds,
  seedDatabase,
} from "@hotgrid/store";
import { createDatabase } from "@hotgrid/store/testing";
import type { Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasInflux, startInflux, type TimeSeriesServer } from "../harness/servers/influx-server.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../harness/servers/postgres-server.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 19, 16);
const CITY = { utcOffset: "+08:00" };
const SHAOXING = resolve(import.meta.dirname, "..", "..", "seeds", "shaoxing");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-move-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasPostgres())("tables, from a file to PostgreSQL (skipped where it is not installed)", () => {
  let postgres: PostgresServer;
  let file: string;
  beforeAll(async () => {
    postgres = await startPostgres(false);
    file = join(folder, "hotgrid.sqlite");
    const source = await openDatabase(file);
    await seedDatabase(source, await readSeeds(SHAOXING));
    await source.insertInto("meta").values({ key: "nul", value: "a\0b" }).execute();
    await source.destroy();
  });
  afterAll(() => postgres.end());

  const open = async (name: string): Promise<Kysely<Database>> => {
    await createDatabase(postgres.url("postgres"), name, "template0");
    return openPostgresDatabase({ url: postgres.url(name) });
  };
  const move = async (to: Kysely<Database>, id: string) => {
    const seen: MovedTable[] = [];
    await moveTables(file, to, id, (moved) => seen.push(moved));
    return seen;
  };

  test("every table is there with every row, and a second run of the same move finds them so", async () => {
    const to = await open("whole");
    const moved = await move(to, "m1");
    const rowsOf = (name: string) => moved.find(({ table }) => table === name)?.rows;
    expect(rowsOf("stations")).toBe(300);
    expect(rowsOf("assignments")).toBeGreaterThan(0);
    const { count } = await to
      .selectFrom("officers")
      .select((e) => e.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    expect(rowsOf("officers")).toBe(count);
    expect(await move(to, "m1")).toEqual(moved);
    await to.destroy();
  });

  test("a move that was interrupted in a table goes on behind it", async () => {
    const to = await open("interrupted");
    const stopAt = (name: string) =>
      moveTables(file, to, "m2", ({ table }) => {
        if (table === name) throw new Error("power cut");
      });
    await expect(stopAt("stations")).rejects.toThrow("power cut");
    await to.deleteFrom("stations").where("id", ">", "HG-330603").execute();
    expect((await move(to, "m2")).find(({ table }) => table === "stations")?.rows).toBe(300);
    await to.destroy();
  });

  test("a database that is in use is not written to, and one that was changed meanwhile is found", async () => {
    const to = await open("used");
    await to.insertInto("officers").values({ id: "somebody", name: "", phone: "" }).execute();
    await expect(move(to, "m3")).rejects.toThrow("not empty (officers)");
    expect(await to.selectFrom("stations").select("id").execute()).toEqual([]);
    await to.deleteFrom("officers").execute();
    await move(to, "m3");
    await to.updateTable("stations").set({ lon: 1 }).where("id", "like", "%-001").execute();
    await expect(move(to, "m3")).rejects.toThrow("stations is not the same on both sides");
    await to.destroy();
  });
});

describe.skipIf(!hasInflux())("readings, from a file to InfluxDB (skipped where it is not installed)", () => {
  let influx: TimeSeriesServer;
  const file = () => join(folder, "readings.sqlite");
  const options = (database: string) => ({ ...CITY, url: influx.url, database, writeVersion: 1 as const });
  beforeAll(async () => {
    influx = await startInflux(join(folder, "influx"));
    const store = await openSqliteReadingStore(file(), CITY);
    const minutes = (stationId: string, from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        ...{ stationId, phenomenonTime: from + i * MINUTE, resultTime: 0 },
        results: { pm25: ((i * 7919) % 1000) / 7, windDirection: i % 360, noise: 40 + (i % 9) },
      }));
    // Rolled up long ago, and then 100 days later: what is older than its retention lives in rollups only.
    await store.append([...minutes("a", START, 300), ...minutes("silent", START, 90)]);
    await store.append([...minutes("a", START + 100 * DAY, 300), ...minutes("b", START + 100 * DAY, 70)]);
    await store.retain(START + 101 * DAY);
    await store.append(minutes("b", START + 100 * DAY - 5 * HOUR, 20));
    await store.close();
  });
  afterAll(() => influx.process.end());

  const everything = async (store: Awaited<ReturnType<typeof openInfluxReadingStore>>) => {
    const range = { from: START - DAY, to: START + 200 * DAY, limit: 50_000 };
    const series: unknown[] = [];
    for (const stationId of ["a", "b", "silent"]) {
      for (const interval of ["raw", "5m", "1h", "1d"] as const) {
        const properties = ["pm25", "windDirection", "noise"] as const;
        series.push(await store.series({ ...range, stationId, interval, properties }));
      }
    }
    const latest = [...(await store.latest())].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const rounded = JSON.stringify([series, latest, await store.count()], (_, value) =>
      typeof value === "number" ? Number(value.toPrecision(12)) : value,
    );
    await store.close();
    return JSON.parse(rounded);
  };

  test("every reading, rollup, latest reading and count is there, also of what has no raw readings any more", async () => {
    const moved = await moveReadings(file(), options("whole"), null, () => undefined);
    expect(moved).toMatchObject({ stations: 3, readings: 300 + 90 + 300 + 70 + 20 });
    const here = await everything(await openSqliteReadingStore(file(), CITY));
    // The embedded store shows the raw reading that it kept of a silent station; there it is the latest one only.
    const silentRaw = here[0][8];
    expect(silentRaw.times).toHaveLength(1);
    here[0][8] = { times: [], properties: {}, truncated: false };
    expect(await everything(await openInfluxReadingStore(options("whole")))).toEqual(here);
  });

  test("a move that was interrupted goes on with the next station; a target in use is refused", async () => {
    let last: ReadingsProgress | null = null;
    const stopAfter = moveReadings(file(), options("interrupted"), null, (progress) => {
      last = progress;
      if (progress.stations === 1) throw new Error("power cut");
    });
    await expect(stopAfter).rejects.toThrow("power cut");
    expect(last).toMatchObject({ stations: 1 });
    await expect(moveReadings(file(), options("interrupted"), null, () => undefined)).rejects.toThrow("not empty");
    const seen: number[] = [];
    const moved = await moveReadings(file(), options("interrupted"), last, ({ stations }) => seen.push(stations));
    expect(seen).toEqual([1, 2, 3]);
    expect(moved.readings).toBe(780);
  });
});

test("an embedded log tells what its consumers have not settled", async () => {
  const file = join(folder, "log.sqlite");
  const bus = await openSqliteBus({ file, clock: new SystemClock(), log: createLog("test", "silent") });
  const entries = ["1", "2", "3", "4"].map((text) => ({ subject: "readings.3306", data: Buffer.from(text) }));
  await bus.append("readings", entries);
  const stop = new AbortController();
  const seen = Promise.withResolvers<void>();
  const consuming = bus.consume(
    "readings",
    { durable: "recorder", startAt: "first", batch: 4, ackWaitMs: 60_000, maxDeliveries: 9, backoffMs: [60_000] },
    async (batch) => {
      for (const [i, delivery] of batch.entries()) if (i !== 1) delivery.ack();
      seen.resolve();
    },
    stop.signal,
  );
  await seen.promise;
  stop.abort();
  await consuming;
  await bus.close();
  const log = openUnsettledLog(file);
  expect([log.from("readings"), log.isReadBy("readings", "recorder"), log.lastSeq("readings")]).toEqual([2, true, 4]);
  expect([log.from("tickets"), log.isReadBy("tickets", "notifier"), log.lastSeq("tickets")]).toEqual([1, false, 0]);
  expect([...log.messages("readings", 2)].map(({ data }) => Buffer.from(data).toString())).toEqual(["2", "3", "4"]);
  log.close();
});
