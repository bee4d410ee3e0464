import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, type Entry, encodeJson, openSqliteBus } from "@hotgrid/bus";
import {
  type Reading,
  type ReadingsMessage,
  readingSubject,
  type StationEvent,
  type StreamKey,
  stationSubject,
} from "@hotgrid/contracts";
import { createLog, SystemClock, Unavailable } from "@hotgrid/runtime";
import {
  type Database,
  DeadLetterStore,
  openDatabase,
  openSqliteReadingStore,
  type ReadingStore,
  StationStatusStore,
} from "@hotgrid/store";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Recorder, startRecorder } from "./start-recorder.ts";

const CITY = "9901";
const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 19, 16);
const clock = new SystemClock();
const log = createLog("recorder-test", "silent");

let folder: string;
let bus: Bus;
let database: Kysely<Database>;
let readings: ReadingStore;
let recorder: Recorder | undefined;

const openReadings = (inFolder = folder) =>
  openSqliteReadingStore(join(inFolder, "readings.db"), { utcOffset: "+08:00" });
const openBus = () => openSqliteBus({ file: join(folder, "log.db"), clock, log });
const start = async () => {
  recorder = await startRecorder({ bus, readings, database, clock, log });
  return recorder;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-recorder-"));
  bus = await openBus();
  database = await openDatabase(join(folder, "hotgrid.db"));
  readings = await openReadings();
});
afterEach(async () => {
  await recorder?.close();
  recorder = undefined;
  await readings.close();
  await database.destroy();
  await bus.close();
  rmSync(folder, { recursive: true });
});

const readingOf = (stationId: string, minute: number): Reading => ({
  stationId,
  phenomenonTime: START + minute * MINUTE,
  resultTime: START,
  results: { pm25: minute % 50, windSpeed: 1.5 },
});
const readingsEntry = (...all: Reading[]): Entry => {
  const message: ReadingsMessage = { kind: "readings", city: CITY, readings: all };
  return { subject: readingSubject(CITY), data: encodeJson(message) };
};
const clockMark = (): Entry => {
  const mark: ReadingsMessage = { kind: "clock", city: CITY, at: START };
  return { subject: readingSubject(CITY), data: encodeJson(mark) };
};
const settled = (stream: StreamKey) => expect.poll(() => bus.lag(stream, "recorder"), { interval: 10 }).toBe(0);

test("readings are stored, marks of the clock are passed over, all are acknowledged", async () => {
  const { counters } = await start();
  await bus.append("readings", [readingsEntry(readingOf("a", 0), readingOf("b", 0)), clockMark()]);
  await bus.append("readings", [readingsEntry(readingOf("a", 1)), readingsEntry(readingOf("a", 0))]);
  await settled("readings");
  expect(await readings.count()).toBe(3);
  expect(counters()).toMatchObject({ stored: 3, duplicates: 1, expired: 0, deadLetters: {} });
  expect((await readings.latest()).get("a")).toEqual({
    phenomenonTime: START + MINUTE,
    results: { pm25: 1, windSpeed: 1.5 },
  });
});

test("what crashed after the commit and before the acknowledgement is stored once", async () => {
  await bus.append("readings", [readingsEntry(readingOf("a", 0)), readingsEntry(readingOf("a", 1))]);
  const crash = new AbortController();
  const options = { durable: "recorder", startAt: "first", batch: 10, ackWaitMs: 60_000, maxDeliveries: 9 } as const;
  const crashed = bus.consume(
    "readings",
    { ...options, backoffMs: [10] },
    async () => {
      await readings.append([readingOf("a", 0), readingOf("a", 1)]);
      throw new Error("power cut");
    },
    crash.signal,
  );
  await expect(crashed).rejects.toThrow("power cut");
  await bus.close();
  bus = await openBus();

  const { counters } = await start();
  await settled("readings");
  expect(await readings.count()).toBe(2);
  expect(counters()).toMatchObject({ stored: 0, duplicates: 2 });
});

test("a message that can't be read becomes a dead letter with its bytes, and the others are stored", async () => {
  const { counters } = await start();
  const garbage = { subject: readingSubject(CITY), data: Buffer.from("{half a mess") };
  await bus.append("readings", [readingsEntry(readingOf("a", 0)), garbage, readingsEntry(readingOf("a", 1))]);
  await settled("readings");
  await expect.poll(() => counters().deadLetters).toEqual({ undecodable: 1 });
  await settled("deadLetters");
  expect(await readings.count()).toBe(2);
  const [letter] = (await new DeadLetterStore(database).list({ limit: 10 })).items;
  expect(letter).toMatchObject({ reason: "undecodable", source: { kind: "READINGS", subject: "readings.9901" } });
  expect(Buffer.from(letter?.raw ?? "", "base64").toString()).toBe("{half a mess");
});

test("a reading older than what is kept becomes a dead letter, not a row and not nothing", async () => {
  const day = 24 * 60;
  await readings.append([readingOf("a", 0)]);
  await readings.retain(START);
  const { counters } = await start();
  const old = readingOf("a", -91 * day);
  await bus.append("readings", [readingsEntry(old, readingOf("a", 1)), readingsEntry(old)]);
  await settled("readings");
  await settled("deadLetters");
  expect(counters()).toMatchObject({ stored: 1, deadLetters: { "ancient-time": 1 } });
  const [letter] = (await new DeadLetterStore(database).list({ limit: 10 })).items;
  expect(letter).toMatchObject({ reason: "ancient-time", field: "phenomenonTime", source: { stationId: "a" } });
  expect(JSON.parse(Buffer.from(letter?.raw ?? "", "base64").toString())).toEqual(old);
});

test("the state of the stations is kept", async () => {
  await start();
  const events: StationEvent[] = [
    { kind: "connection", stationId: "a", state: "online", at: START, reason: "connected" },
    { kind: "quality", stationId: "a", observedProperty: "pm25", flag: 4, tests: ["flat-line"], at: START },
    { kind: "unknown-property", stationId: "a", property: "radon", at: START },
  ];
  const entries = events.map((event) => ({ subject: stationSubject(CITY), data: encodeJson(event) }));
  await bus.append("stations", entries);
  await settled("stations");
  expect((await new StationStatusStore(database).all()).get("a")).toEqual({
    connection: { state: "online", at: START, reason: "connected" },
    flags: { pm25: { flag: 4, tests: ["flat-line"], at: START } },
    unknownProperties: ["radon"],
  });
});

/** A recorder in a process of its own, on this test's files, that dies without notice once it has stored something. */
const RECORDER = `
  const { openSqliteBus } = await import("@hotgrid/bus");
  const { createLog, SystemClock } = await import("@hotgrid/runtime");
  const { openDatabase, openSqliteReadingStore } = await import("@hotgrid/store");
  const { startRecorder } = await import(process.argv[1]);
  const folder = process.argv[2];
  const log = createLog("child", "silent"), clock = new SystemClock();
  const bus = await openSqliteBus({ file: folder + "/log.db", clock, log });
  const readings = await openSqliteReadingStore(folder + "/readings.db", { utcOffset: "+08:00" });
  const database = await openDatabase(folder + "/hotgrid.db");
  const recorder = await startRecorder({ bus, readings, database, clock, log });
  const die = () => (recorder.counters().stored > 0 ? process.kill(process.pid, "SIGKILL") : setImmediate(die));
  die();`;

test("a recorder killed in the middle of its work leaves nothing out and nothing twice", async () => {
  const total = 40_000;
  for (let first = 0; first < total; first += 100) {
    const all = Array.from({ length: 100 }, (_, i) => readingOf(`s${i % 10}`, Math.floor((first + i) / 10)));
    await bus.append("readings", [readingsEntry(...all)]);
  }
  await bus.close();
  await readings.close();
  const module = new URL("./start-recorder.ts", import.meta.url).href;
  const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", RECORDER, module, folder], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const signal = await new Promise((resolve) => child.on("close", (_code, by) => resolve(by)));
  expect(signal).toBe("SIGKILL");
  bus = await openBus();
  readings = await openReadings();
  const storedBefore = await readings.count();
  expect(storedBefore).toBeGreaterThan(0);
  expect(storedBefore).toBeLessThan(total);

  const { counters } = await start();
  await settled("readings");
  expect(await readings.count()).toBe(total);
  expect(counters().stored).toBe(total - storedBefore);
  const whole = { stationId: "s3", from: 0, to: START * 2, interval: "1d", limit: 99, properties: ["pm25"] } as const;
  const { properties } = await readings.series({ ...whole, statistic: "count" });
  expect(properties.pm25?.reduce((sum: number, n) => sum + (n ?? 0), 0)).toBe(total / 10);
});

const mayMount = process.getuid?.() === 0 && process.platform === "linux";

test.skipIf(!mayMount)(
  "with a full disk readings wait in the log and are stored when there is room (needs root)",
  async () => {
    const small = mkdtempSync(join(tmpdir(), "hotgrid-recorder-full-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", small]);
    try {
      await readings.close();
      readings = await openReadings(small);
      writeFileSync(join(small, "ballast"), Buffer.alloc(2.6 * 1024 * 1024));
      const total = 10_000;
      const warned = vi.spyOn(log, "warn");
      const { counters, storeTakes } = await start();
      expect(storeTakes()).toBe(true);
      for (let first = 0; first < total; first += 1000) {
        await bus.append("readings", [
          readingsEntry(...Array.from({ length: 1000 }, (_, i) => readingOf("a", first + i))),
        ]);
      }
      await expect
        .poll(() => warned.mock.calls)
        .toContainEqual([expect.objectContaining({ err: expect.any(Unavailable) }), "message not processed"]);
      expect(counters().stored).toBeLessThan(total);
      expect(storeTakes()).toBe(false);
      rmSync(join(small, "ballast"));
      await settled("readings");
      expect(await readings.count()).toBe(total);
      expect(storeTakes()).toBe(true);
    } finally {
      await recorder?.close();
      await readings.close();
      readings = await openReadings();
      execFileSync("umount", [small]);
      rmSync(small, { recursive: true });
    }
  },
);
