import type { Bus } from "@hotgrid/bus";
import { readingsTopic } from "@hotgrid/contracts";
import { Unavailable } from "@hotgrid/runtime";
import { afterEach, expect, test, vi } from "vitest";
import { type GatewayRun, NOW, reading, startGatewayRun } from "./testing/gateway-run.ts";
import { connectPacket, publishPacket, RawClient } from "./testing/raw-client.ts";

let run: GatewayRun;
afterEach(async () => {
  vi.restoreAllMocks();
  await run.close();
});

const array = (count: number, from = 0) =>
  `[${Array.from({ length: count }, (_, i) => reading({ phenomenonTime: NOW - (from + i) * 1000 })).join(",")}]`;

test("a station beyond its rate is held back by a late PUBACK, and loses nothing", async () => {
  run = await startGatewayRun({ readings: { burst: 100, perSecond: 1000 } });
  const client = await run.connect("HG-1");
  // Stands still: a machine that is slow to read the next publish would find the station within its rate again.
  vi.spyOn(performance, "now").mockReturnValue(performance.now());
  await Promise.all([0, 1, 2].map((i) => run.publish(client, array(100, i * 100))));
  expect(await run.readings(300)).toHaveLength(300);
  expect(run.gateway.counters()).toMatchObject({ heldBack: 2, acknowledged: 3, deadLettered: {} });
});

test("what would have to wait too long is dead-lettered whole, with one PUBACK, and others have their own rate", async () => {
  run = await startGatewayRun({ readings: { burst: 100, perSecond: 1 }, longestWaitMs: 1000 });
  const client = await run.connect("HG-1");
  await run.publish(client, array(100));
  const overflow = array(50, 100);
  await run.publish(client, overflow);
  const [letter] = await run.deadLetters(1);
  expect(letter?.reason).toBe("rate-exceeded");
  expect(Buffer.from(letter?.raw ?? "", "base64").toString()).toBe(overflow);
  expect(run.gateway.counters().deadLettered).toEqual({ "rate-exceeded": 1 });
  await run.publish(await run.connect("HG-2"), array(100));
  expect(await run.readings(200)).toHaveLength(200);
});

test("large nonsense costs as many readings as it has bytes for, so that it can't fill the disk", async () => {
  run = await startGatewayRun({ readings: { burst: 100, perSecond: 1 }, longestWaitMs: 0 });
  const client = await run.connect("HG-1");
  await run.publish(client, "x".repeat(40_000));
  await run.publish(client, "x".repeat(40_000));
  expect((await run.deadLetters(2)).map(({ reason }) => reason)).toEqual(["not-json", "rate-exceeded"]);
});

/** A station's connection that says exactly what the test wants. */
async function rawStation(id: string, over: object = {}): Promise<RawClient> {
  const client = new RawClient(run.gateway.port);
  client.send(connectPacket(id, run.stations.secret(id), over));
  await client.packet("connack");
  return client;
}

/** The real log behind a switch: off, it can't take anything, as with a full disk. */
function withSwitch() {
  let available = true;
  const wrap = (bus: Bus): Bus => {
    const append: Bus["append"] = (stream, entries) =>
      available ? bus.append(stream, entries) : Promise.reject(new Unavailable("switched off"));
    return new Proxy(bus, {
      get: (target, name) => {
        if (name === "append") return append;
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  };
  return {
    wrap,
    set: (on: boolean) => {
      available = on;
    },
  };
}

test("while the log is away nothing is acknowledged; when it is back all that waited is stored and acknowledged", async () => {
  const log = withSwitch();
  run = await startGatewayRun({}, log.wrap);
  const client = await run.connect("HG-1");
  log.set(false);
  let acknowledged = 0;
  const publishes = [1, 2, 3].map((seq) => run.publish(client, reading({ seq })).then(() => (acknowledged += 1)));
  await expect.poll(() => run.gateway.counters().published).toBe(3);
  expect(acknowledged).toBe(0);
  log.set(true);
  await Promise.all(publishes);
  expect((await run.readings(3)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("beyond what may wait for the log connections end without a PUBACK, what waited is stored, and all can publish again", async () => {
  const log = withSwitch();
  run = await startGatewayRun({ waitingBytes: 10_000 }, log.wrap);
  const first = await run.connect("HG-1");
  log.set(false);
  const waiting = run.publish(first, array(200));
  await expect.poll(() => run.gateway.counters().published).toBe(1);
  const second = await rawStation("HG-2");
  second.send(publishPacket(readingsTopic("HG-2"), reading(), 1));
  await second.closed;
  expect(second.packets.filter(({ cmd }) => cmd === "puback")).toEqual([]);
  expect(run.gateway.counters()).toMatchObject({ acknowledged: 0, refused: { "log-unavailable": 1 } });
  log.set(true);
  await waiting;
  await run.publish(await run.connect("HG-2"), reading({ seq: 9 }));
  const stored = await run.readings(201);
  expect(stored.filter(({ stationId }) => stationId === "HG-1")).toHaveLength(200);
  expect(stored.filter(({ stationId }) => stationId === "HG-2").map(({ seq }) => seq)).toEqual([9]);
});

/** More than one packet in a read: the broker then reads no further until all of them are answered. */
async function sendBatch(client: RawClient, id: string): Promise<void> {
  client.send(...Array.from({ length: 40 }, (_, i) => publishPacket(readingsTopic(id), reading(), i + 1)));
  await expect.poll(() => run.gateway.counters().published).toBeGreaterThan(1);
}

test("what a station sends while its first publishes wait for the log is read and acknowledged when it is back", async () => {
  const log = withSwitch();
  run = await startGatewayRun({}, log.wrap);
  const client = await rawStation("HG-1");
  log.set(false);
  await sendBatch(client, "HG-1");
  client.send(...Array.from({ length: 360 }, (_, i) => publishPacket(readingsTopic("HG-1"), reading(), i + 41)));
  log.set(true);
  await expect.poll(() => client.packets.filter(({ cmd }) => cmd === "puback").length).toBe(400);
  expect(run.gateway.counters()).toMatchObject({ acknowledged: 400, refused: {} });
});

test("a station that could not be read from until its keep-alive was over is cut off for the log, not for its silence", async () => {
  const log = withSwitch();
  run = await startGatewayRun({}, log.wrap);
  const client = await rawStation("HG-1", { keepalive: 1 });
  log.set(false);
  await sendBatch(client, "HG-1");
  client.send({ cmd: "pingreq" });
  await client.closed;
  expect(client.packets.map(({ cmd }) => cmd)).toEqual(["connack"]);
  expect(run.gateway.counters().refused).toEqual({ "log-unavailable": 1 });
  log.set(true);
  const offline = expect.objectContaining({ state: "offline", reason: "log-unavailable" });
  await expect.poll(() => run.events(0)).toContainEqual(offline);
});

test("a long backlog is split into log messages of bounded size", async () => {
  run = await startGatewayRun();
  const client = await run.connect("HG-1");
  await Promise.all(Array.from({ length: 20 }, (_, i) => run.publish(client, array(500, i * 500))));
  expect(await run.readings(10_000)).toHaveLength(10_000);
  const stop = new AbortController();
  for await (const batch of run.bus.read("readings", { from: 1, batch: 1000 }, stop.signal)) {
    for (const { data } of batch) expect(data.byteLength).toBeLessThan(1024 * 1024);
    if ((batch.at(-1)?.seq ?? 0) === (await run.bus.info("readings")).lastSeq) stop.abort();
  }
});

test("the counts are metrics", async () => {
  run = await startGatewayRun();
  await run.publish(await run.connect("HG-1"), "nonsense");
  const text = await run.metrics.metrics();
  expect(text).toContain("hotgrid_gateway_connections 1");
  expect(text).toContain("hotgrid_gateway_acknowledged_total 1");
  expect(text).toContain('hotgrid_gateway_dead_lettered_total{reason="not-json"} 1');
  // Before it happens, too, so that the first one is seen to come.
  expect(text).toContain('hotgrid_gateway_refused_total{reason="log-unavailable"} 0');
});
