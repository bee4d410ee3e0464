import { createLog, ManualClock } from "@hotgrid/runtime";
import { afterEach, expect, test } from "vitest";
import { BACKLOG_READINGS, StationClient } from "./mqtt/station-client.ts";
import { startSimulation } from "./simulate.ts";
import { run, scenarioWith, stationAt, stationGrid } from "./testing.ts";
import { openBroker, readingsOf, type TestBroker } from "./testing-broker.ts";
import { createWorld } from "./world.ts";

const ALLOWED_LATENESS_MS = 120_000;
const START = Date.parse("2026-11-20T18:00:00+08:00");
const log = createLog("test", "silent");
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function brokerWithClose(): Promise<TestBroker> {
  const broker = await openBroker();
  closing.push(() => broker.close());
  return broker;
}

async function simulationAt(broker: TestBroker, change: Record<string, unknown>, side = 3) {
  const stations = stationGrid(side);
  const clock = new ManualClock(START);
  const progress: number[] = [];
  const simulation = await startSimulation({
    world: createWorld(scenarioWith(change), stations),
    clock,
    log,
    host: "127.0.0.1",
    port: broker.port,
    secrets: new Map(stations.map(({ id }) => [id, "secret"])),
    onWarming: (done) => progress.push(done),
  });
  closing.push(() => simulation.close());
  const twin = createWorld(scenarioWith(change), stations);
  return { simulation, clock, progress, twin };
}

const keyOf = (reading: { stationId: string; phenomenonTime: string | number }) =>
  `${reading.stationId}@${new Date(reading.phenomenonTime).getTime()}`;

test("history arrives whole, in order, and no station runs ahead of another by more than the allowed lateness", async () => {
  const broker = await brokerWithClose();
  const { simulation, progress, twin } = await simulationAt(broker, { warmupHours: 1 }, 5);
  const arrived = readingsOf(broker.received);
  const expected = run(twin, 60);
  expect(arrived.map(keyOf).toSorted()).toEqual(expected.map(keyOf).toSorted());
  let newest = Number.NEGATIVE_INFINITY;
  for (const { phenomenonTime } of arrived) {
    const time = Date.parse(phenomenonTime);
    expect(newest - time).toBeLessThan(ALLOWED_LATENESS_MS);
    newest = Math.max(newest, time);
  }
  expect(arrived[0]?.phenomenonTime).toMatch(/\+08:00$/);
  expect(progress.at(-1)).toBe(1);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(simulation.until).toBe(START);
  expect(simulation.counters()).toMatchObject({
    published: expected.length,
    acknowledged: expected.length,
    dropped: 0,
  });
});

test("live readings go out when the clock reaches them, and not before", async () => {
  const broker = await brokerWithClose();
  const { clock, twin } = await simulationAt(broker, {});
  const due = run(twin, 10).filter((reading) => reading.sentAt <= START + 5 * 60_000);
  for (let seconds = 0; seconds <= 300; seconds += 7) {
    clock.advanceTo(START + seconds * 1000);
    const expected = due.filter((reading) => reading.sentAt <= clock.now()).length;
    await broker.until((received) => readingsOf(received).length >= expected);
    for (const { phenomenonTime } of readingsOf(broker.received))
      expect(Date.parse(phenomenonTime)).toBeLessThanOrEqual(clock.now());
  }
  clock.advanceTo(START + 300_000);
  await broker.until((received) => readingsOf(received).length >= due.length);
  expect(readingsOf(broker.received).map(keyOf).toSorted()).toEqual(due.map(keyOf).toSorted());
});

test("what was measured while the connection was cut arrives afterwards, in order and whole", async () => {
  const broker = await brokerWithClose();
  const { clock, twin } = await simulationAt(broker, {});
  const due = run(twin, 31).filter((reading) => reading.sentAt <= START + 30 * 60_000);
  for (let minute = 1; minute <= 30; minute++) {
    if (minute % 10 === 0) broker.cutAll();
    clock.advanceTo(START + minute * 60_000);
    const sent = due.filter((reading) => reading.sentAt <= START + (minute - 5) * 60_000).length;
    await broker.until((received) => new Set(readingsOf(received).map(keyOf)).size >= sent);
  }
  await broker.until((received) => new Set(readingsOf(received).map(keyOf)).size >= due.length);
  const arrived = readingsOf(broker.received);
  expect([...new Set(arrived.map(keyOf))].toSorted()).toEqual(due.map(keyOf).toSorted());
  for (const [, own] of Map.groupBy(arrived, ({ stationId }) => stationId)) {
    const firsts = [...new Set(own.map(({ phenomenonTime }) => Date.parse(phenomenonTime)))];
    expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
  }
});

test("a reading that had no PUBACK is sent again", async () => {
  const broker = await brokerWithClose();
  const refused: string[] = [];
  broker.admits = ({ topic, text }) => {
    if (!topic.endsWith("/readings") || refused.length >= 3) return true;
    refused.push(text);
    return false;
  };
  const { simulation, clock } = await simulationAt(broker, {}, 2);
  clock.advanceTo(START + 60_000);
  await broker.until(
    (received) => refused.length === 3 && refused.every((text) => received.some((message) => message.text === text)),
  );
  await broker.until((received) => readingsOf(received).length >= 4);
  expect(simulation.counters().dropped).toBe(0);
});

test("a station announces itself, and the broker announces its death", async () => {
  const broker = await brokerWithClose();
  const client = new StationClient({
    host: "127.0.0.1",
    port: broker.port,
    stationId: "HG-1",
    secret: "secret",
    now: () => "T",
  });
  closing.push(() => client.end());
  await client.connected(30_000);
  const status = (state: string) => ({
    topic: "v1/stations/HG-1/status",
    text: JSON.stringify({ state, at: "T" }),
    retain: true,
  });
  await broker.until((received) => received.length >= 1);
  client.cut();
  await broker.until((received) => received.length >= 3);
  expect(broker.received).toEqual([status("online"), status("offline"), status("online")]);
});

test("a wrong secret is told with the station and without the secret", async () => {
  const broker = await brokerWithClose();
  const client = new StationClient({
    host: "127.0.0.1",
    port: broker.port,
    stationId: "HG-1",
    secret: "wrong-one",
    now: () => "T",
  });
  closing.push(() => client.end());
  const refused = await client.connected(30_000).catch((error: Error) => error.message);
  expect(refused).toMatch(/HG-1.*Not authorized/);
  expect(refused).not.toContain("wrong-one");
});

test("without a connection the oldest readings are kept, and what is given up is counted", async () => {
  const broker = await openBroker();
  const { port } = broker;
  await broker.close();
  const client = new StationClient({ host: "127.0.0.1", port, stationId: "HG-1", secret: "secret", now: () => "T" });
  closing.push(() => client.end());
  for (let i = 0; i < BACKLOG_READINGS + 60; i++) client.offer(`{"seq":${i}}`);
  expect(client.backlog).toBe(BACKLOG_READINGS);
  expect(client.counters.dropped).toBe(60);
});

test("a fire lit now raises the stations downwind from the next minute on", async () => {
  const broker = await brokerWithClose();
  const downwind = stationAt("DOWN", 120.5, 30.05 + 0.004);
  const clock = new ManualClock(START);
  const simulation = await startSimulation({
    world: createWorld(scenarioWith(), [downwind]),
    clock,
    log,
    host: "127.0.0.1",
    port: broker.port,
    secrets: new Map([["DOWN", "secret"]]),
    onWarming: () => undefined,
  });
  closing.push(() => simulation.close());
  const pm25After = async (minutes: number) => {
    clock.advanceTo(START + minutes * 60_000);
    await broker.until((received) => readingsOf(received).length >= minutes - 3);
    return readingsOf(broker.received).map(({ results }) => (results as { pm25: number }).pm25);
  };
  const before = await pm25After(10);
  simulation.light({ lon: 120.5, lat: 30.05, minutes: 30, pm25: 8 });
  const after = await pm25After(40);
  expect(Math.max(...before)).toBeLessThan(70);
  expect(Math.max(...after)).toBeGreaterThan(100);
});
