import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Bus, decodeJson, Fenced, openSqliteBus } from "@hotgrid/bus";
import { EpisodeEvent, StationEvent } from "@hotgrid/contracts";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { snapshotFile } from "./adapters/snapshot-file.ts";
import type { DetectorDependencies, DetectorService } from "./ports.ts";
import { startDetector } from "./start-detector.ts";
import { contents, decidedBy, fill, grid, messages, rules, stations } from "./testing-city.ts";

const clock = new SystemClock();
const log = createLog("detector-test", "silent");
const all = messages();
const expected = decidedBy(all).map((event) => JSON.stringify(event));

let folder: string;
let bus: Bus;
let detector: DetectorService | undefined;
const busFile = () => join(folder, "bus.db");
const file = () => join(folder, "detector.snapshot");
const openBus = () => openSqliteBus({ file: busFile(), clock, log });
const start = async (more: Partial<DetectorDependencies> = {}) => {
  const given = { bus, city: "3306", grid, stations, rules, snapshots: snapshotFile(file()), clock, log };
  detector = await startDetector({ ...given, ...more });
  return detector;
};
const seenAll = async (service: DetectorService) => {
  const { lastSeq } = await bus.info("readings");
  await vi.waitFor(() => expect(service.position()).toBe(lastSeq), { timeout: 60_000 });
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotgrid-detector-"));
  bus = await openBus();
});
afterEach(async () => {
  await detector?.close();
  detector = undefined;
  await bus.close();
  await rm(folder, { recursive: true });
});

test("the fire of the test's city is confirmed at all, or the tests below prove nothing", () => {
  expect(expected.some((text) => text.includes('"kind":"local"') && !text.includes('"confirmedAt":null'))).toBe(true);
});

test("the log of episodes holds what the core decides, and flags follow their contract", async () => {
  await fill(bus, all);
  await seenAll(await start());
  expect(await contents(bus, "episodes")).toEqual(expected);
  const flags = await contents(bus, "stations");
  expect(flags.length).toBeGreaterThan(stations.length);
  for (const flag of flags) StationEvent.parse(JSON.parse(flag));
});

test("a decision is appended before anybody asks where the smoke comes from", async () => {
  const appends: EpisodeEvent[][] = [];
  const claim = bus.claim.bind(bus);
  bus.claim = async (...given) => {
    const writer = await claim(...given);
    return {
      check: () => writer.check(),
      append: (entries) => {
        appends.push(entries.map(({ data }) => decodeJson(EpisodeEvent, data)));
        return writer.append(entries);
      },
    };
  };
  await fill(bus, all.slice(0, 765));
  const service = await start();
  await seenAll(service);
  for (const message of all.slice(765, 785)) {
    await fill(bus, [message]);
    await seenAll(service);
  }
  const isSent = ({ episode }: EpisodeEvent) => episode.kind === "local" && episode.confirmedAt !== null;
  const sent = appends.map((events) => events.filter(isSent)).filter((events) => events.length > 0);
  expect(sent[0]).toMatchObject([{ episode: { source: null } }]);
  expect(sent[1]).toMatchObject([
    { at: sent[0]?.[0]?.at, type: "updated", episode: { source: { lon: expect.any(Number) } } },
  ]);
});

test("a restart goes on where the snapshot left it, and reads nothing twice", async () => {
  await fill(bus, all.slice(0, 500));
  await seenAll(await start());
  await detector?.close();
  const again = await start();
  expect(again.position()).toBe(500);
  await fill(bus, all.slice(500));
  await seenAll(again);
  expect(again.counters()).toMatchObject({ duplicate: 0, late: 0 });
  expect(await contents(bus, "episodes")).toEqual(expected);
});

test("kill -9 at any place leaves the same episodes, once", { timeout: 180_000 }, async () => {
  await fill(bus, all);
  await bus.close();
  for (const lines of [1, 9, 23]) await killAfter(lines);
  expect(await leaves()).toBe(0);
  bus = await openBus();
  expect(await contents(bus, "episodes")).toEqual(expected);
});

const child = () => {
  const script = join(import.meta.dirname, "testing-child.ts");
  return spawn(process.execPath, [script, busFile(), file()], { stdio: ["ignore", "pipe", "inherit"] });
};

/** Kills the detector once it has moved so many times. */
async function killAfter(lines: number): Promise<void> {
  const running = child();
  const gone = new Promise((resolve) => running.on("exit", resolve));
  let seen = 0;
  for await (const _ of createInterface({ input: running.stdout })) {
    seen++;
    if (seen === lines) running.kill("SIGKILL");
  }
  await gone;
}

function leaves(): Promise<number | null> {
  const running = child();
  running.stdout.resume();
  return new Promise((resolve) => running.on("exit", resolve));
}

test.each<[string, (bytes: Buffer) => Buffer, unknown]>([
  [
    "a damaged snapshot",
    (bytes) => Buffer.concat([bytes.subarray(0, 900), Buffer.from([1]), bytes.subarray(901)]),
    rules,
  ],
  ["a snapshot cut off by a full disk", (bytes) => bytes.subarray(0, bytes.length >> 1), rules],
  ["an empty file", () => Buffer.alloc(0), rules],
  ["a snapshot of other rules", (bytes) => bytes, { ...(rules as object), version: "other" }],
])("%s is set aside and history replayed", async (_rule, spoil, rulesNow) => {
  await fill(bus, all);
  await seenAll(await start());
  await detector?.close();
  await writeFile(file(), spoil(await readFile(file())));
  const again = await start({ rules: rulesNow });
  await seenAll(again);
  expect(again.counters().ticks).toBeGreaterThan(850);
  expect((await stat(`${file()}.set-aside`)).isFile()).toBe(true);
  if (rulesNow === rules) expect(await contents(bus, "episodes")).toEqual(expected);
});

test("a station that is new or was moved starts anew, the others keep what they learned", async () => {
  await fill(bus, all.slice(0, 300));
  const service = await start();
  await seenAll(service);
  const moved = stations.map((station, i) => (i === 3 ? { ...station, lat: station.lat + 0.01 } : station));
  await service.refresh(moved);
  await fill(bus, all.slice(300));
  await seenAll(service);
  const episodes = await contents(bus, "episodes");
  expect(episodes.filter((text) => text.includes('"kind":"local"')).length).toBeGreaterThan(0);
});

test("a list that reports at another pace starts learning anew, and goes on", async () => {
  await fill(bus, all.slice(0, 200));
  const service = await start();
  await seenAll(service);
  await service.refresh(stations.map((station) => ({ ...station, intervalSeconds: 3600 })));
  await fill(bus, all.slice(200));
  await seenAll(service);
  expect(service.counters().ticks).toBeLessThan(20);
});

test("a second detector of a city shuts the first one out, which writes nothing more", async () => {
  await fill(bus, all.slice(0, 500));
  const first = await start();
  await seenAll(first);
  const outcome = first.stopped.catch((error: unknown) => error);
  const second = await start({ snapshots: snapshotFile(join(folder, "second.snapshot")) });
  await fill(bus, all.slice(500));
  await seenAll(second);
  expect(await outcome).toBeInstanceOf(Fenced);
  await first.abandon();
  expect(await contents(bus, "episodes")).toEqual(expected);
  const flags = await contents(bus, "stations");
  expect(new Set(flags).size).toBe(flags.length);
});

test("a message that can't be decoded is kept as a dead letter, and the next one is read", async () => {
  await bus.append("readings", [{ subject: "readings.3306", data: Buffer.from("{") }]);
  await fill(bus, all.slice(0, 10));
  const service = await start();
  await seenAll(service);
  expect(service.counters()).toMatchObject({ undecodable: 1 });
  expect(await contents(bus, "deadLetters")).toHaveLength(1);
});

test("rules that can't be used say which entry and what to do", async () => {
  const broken = structuredClone(rules) as { properties: { co: { delta: { unit: string } } } };
  broken.properties.co.delta.unit = "µg/m³";
  await expect(start({ rules: broken })).rejects.toThrow(/properties\.co\.delta\.unit: expected "mg\/m³"/);
});
