import { readingsTopic, statusTopic } from "@hotgrid/contracts";
import type { IClientOptions } from "mqtt";
import { generate } from "mqtt-packet";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RefusalReason } from "./gateway-counters.ts";
import type { GatewayLimits } from "./limits.ts";
import { type GatewayRun, NOW, reading, startGatewayRun } from "./testing/gateway-run.ts";
import { connectPacket, publishPacket, RawClient } from "./testing/raw-client.ts";

let run: GatewayRun;
const start = async (limits: Partial<GatewayLimits> = {}) => {
  run = await startGatewayRun(limits);
};
afterEach(() => run.close());

const raw = () => new RawClient(run.gateway.port);
const signIn = async (id: string) => {
  const client = raw();
  client.send(connectPacket(id, run.stations.secret(id)));
  expect((await client.packet("connack")).returnCode).toBe(0);
  return client;
};
const refused = () => run.gateway.counters().refused;

async function othersAreUnharmed(): Promise<void> {
  await run.publish(await run.connect("HG-2"), reading({ seq: 77 }));
  expect((await run.readings(1)).some(({ stationId, seq }) => stationId === "HG-2" && seq === 77)).toBe(true);
}

describe("a connection is refused with its return code, and the reason is counted", () => {
  beforeEach(() => start());

  test.each<[string, RefusalReason, number, () => Partial<IClientOptions> & { clientId: string }]>([
    ["a wrong password", "bad-password", 4, () => ({ clientId: "HG-1", password: "wrong" })],
    [
      "another station's password",
      "bad-password",
      4,
      () => ({ clientId: "HG-1", password: run.stations.secret("HG-2") }),
    ],
    ["an unknown station", "unknown-station", 4, () => ({ clientId: "HG-9", password: "x" })],
    ["a station without a secret", "no-secret", 4, () => ({ clientId: "HG-mute", password: "" })],
    ["another username", "identifier-mismatch", 2, () => ({ clientId: "HG-1", username: "HG-2" })],
    ["an id with a wildcard", "identifier-mismatch", 2, () => ({ clientId: "HG-#", username: "HG-#" })],
    [
      "a foreign will",
      "foreign-will",
      5,
      () => ({ clientId: "HG-1", will: { topic: "x", payload: Buffer.from("x") } }),
    ],
    ["MQTT 5", "mqtt-5", 1, () => ({ clientId: "HG-1", protocolVersion: 5 })],
  ])("%s", async (_name, reason, code, options) => {
    const { clientId, ...over } = options();
    await expect(run.connect(clientId, over)).rejects.toMatchObject({ code });
    expect(refused()).toEqual({ [reason]: 1 });
    await othersAreUnharmed();
  });

  test("no username and no password", async () => {
    const client = raw();
    client.send(connectPacket("HG-1", "", { username: undefined, password: undefined }));
    expect((await client.packet("connack")).returnCode).toBe(2);
    await client.closed;
    expect(refused()).toEqual({ "identifier-mismatch": 1 });
  });

  test("what is not MQTT", async () => {
    const client = raw();
    client.send(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    await client.closed;
    expect(refused()).toEqual({ "not-mqtt": 1 });
    await othersAreUnharmed();
  });

  test("a CONNECT that claims 200 MB", async () => {
    const client = raw();
    client.send(Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x5f));
    await client.closed;
    expect(refused()).toEqual({ "packet-too-large": 1 });
  });

  test("a packet that breaks the protocol", async () => {
    const client = await signIn("HG-1");
    client.send(Uint8Array.of(0x36, 0x02, 0x00, 0x00));
    await client.closed;
    expect(refused()).toEqual({ "protocol-error": 1 });
    await othersAreUnharmed();
  });

  test("a topic with a wildcard in a PUBLISH", async () => {
    const client = await signIn("HG-1");
    client.send(
      generate(publishPacket("v1/stations/HG-1/reading_", "x", 1)).map((byte) => (byte === 0x5f ? 0x23 : byte)),
    );
    await client.closed;
    expect(refused()).toEqual({ "protocol-error": 1 });
    await othersAreUnharmed();
  });
});

test("MQTT 3.1 is spoken, with an id longer than its 23 characters", async () => {
  await start();
  const client = await run.connect("HG-1", { protocolId: "MQIsdp", protocolVersion: 3 });
  await run.publish(client, reading());
  expect(await run.readings(1)).toHaveLength(1);
});

test("noise after a good CONNECT never ends the process", async () => {
  await start({ badPasswords: { burst: 1000, perSecond: 1 } });
  for (let i = 0; i < 100; i++) {
    const client = await signIn("HG-1");
    const noise = Buffer.from(Array.from({ length: 200 }, (_, k) => (i * 131 + k * k * 7 + 17 * i * k) & 0xff));
    client.send(noise);
    client.socket.end();
    await client.closed;
  }
  await othersAreUnharmed();
});

test("a connection cut in mid-packet leaves nothing of the packet, and what was whole is stored", async () => {
  await start();
  const client = await signIn("HG-1");
  client.send(publishPacket(readingsTopic("HG-1"), reading({ seq: 1 }), 1));
  await client.packet("puback");
  const half = generate(publishPacket(readingsTopic("HG-1"), reading({ seq: 2 }), 2));
  client.send(half.subarray(0, half.length - 5));
  client.socket.resetAndDestroy();
  await client.closed;
  await othersAreUnharmed();
  expect((await run.readings(2)).map(({ seq }) => seq)).toEqual([1, 77]);
  expect(await run.deadLetters(0)).toEqual([]);
});

test("who says nothing is not waited for", async () => {
  await start({ handshakeMs: 50 });
  await raw().closed;
  expect(refused()).toEqual({ "handshake-timeout": 1 });
});

test("who sends half a CONNECT is not waited for", async () => {
  await start({ handshakeMs: 50 });
  const client = raw();
  client.send(generate(connectPacket("HG-1", "x")).subarray(0, 10));
  await client.closed;
  expect(refused()).toEqual({ "handshake-timeout": 1 });
});

test.each(["rotate", "retire"] as const)("to %s a station ends its connection at its next publish", async (change) => {
  await start();
  const client = await signIn("HG-1");
  run.stations[change]("HG-1");
  client.send(publishPacket(readingsTopic("HG-1"), reading(), 1));
  await client.closed;
  expect(refused()).toEqual({ "credentials-changed": 1 });
  await othersAreUnharmed();
  expect(await run.readings(1)).toHaveLength(1);
});

test("beyond the number of connections nobody gets in, until one has gone", async () => {
  await start({ maxConnections: 1 });
  const first = await run.connect("HG-1");
  await raw().closed;
  expect(refused()).toEqual({ "max-connections": 1 });
  await first.endAsync();
  await expect.poll(() => run.gateway.counters().connections).toBe(0);
  await othersAreUnharmed();
});

test("who guesses passwords soon gets no answer, while the right secret gets in from the same address", async () => {
  await start({ badPasswords: { burst: 2, perSecond: 0.001 } });
  for (const _ of [1, 2]) await expect(run.connect("HG-1", { password: "no" })).rejects.toMatchObject({ code: 4 });
  const third = raw();
  third.send(connectPacket("HG-1", "no"));
  await third.closed;
  expect(third.packets).toEqual([]);
  expect(refused()).toEqual({ "bad-password": 2, "bad-password-rate": 1 });
  await othersAreUnharmed();
});

test("one address connects only so often", async () => {
  await start({ connects: { burst: 2, perSecond: 0.001 } });
  await run.connect("HG-1");
  await run.connect("HG-2");
  await raw().closed;
  expect(refused()).toEqual({ "connect-rate": 1 });
});

describe("the STATIONS log says when a station comes and why it goes", () => {
  beforeEach(() => start());
  const states = async (count: number) =>
    (await run.events(count)).map((event) => (event.kind === "connection" ? `${event.state} ${event.reason}` : ""));

  test("a DISCONNECT", async () => {
    const client = await run.connect("HG-1");
    await expect.poll(() => states(1)).toEqual(["online connect"]);
    await client.endAsync();
    expect(await states(2)).toEqual(["online connect", "offline disconnect"]);
  });

  test("a connection that breaks; its will is retained for the station itself", async () => {
    const client = raw();
    const will = {
      topic: statusTopic("HG-1"),
      payload: Buffer.from('{"state":"offline","at":1}'),
      qos: 1,
      retain: true,
    };
    client.send(connectPacket("HG-1", run.stations.secret("HG-1"), { will }));
    await client.packet("connack");
    client.socket.resetAndDestroy();
    await client.closed;
    await expect.poll(async () => (await states(1)).at(-1)).toBe("offline connection-lost");
    const again = await run.connect("HG-1");
    const received = new Promise<string>((resolve) =>
      again.once("message", (_topic, payload) => resolve(String(payload))),
    );
    await again.subscribeAsync(statusTopic("HG-1"));
    expect(await received).toContain("offline");
  });

  test("a keep-alive that stays out", async () => {
    const client = raw();
    client.send(connectPacket("HG-1", run.stations.secret("HG-1"), { keepalive: 1 }));
    await client.closed;
    await expect.poll(async () => (await states(1)).at(-1)).toBe("offline keepalive-timeout");
  });

  test("a second connection of the same station ends the first", async () => {
    const first = await signIn("HG-1");
    await run.connect("HG-1");
    await first.closed;
    await expect.poll(async () => (await states(1)).at(-1)).toBe("online connect");
    expect(run.gateway.counters().connections).toBe(1);
  });

  test("the gateway's own end", async () => {
    await run.connect("HG-1");
    await run.gateway.close();
    expect((await states(1)).at(-1)).toBe("offline gateway-stopping");
  });
});

test("a command reaches a connected station that listens, and nobody else's", async () => {
  await start();
  const client = await run.connect("HG-1");
  await client.subscribeAsync("v1/stations/HG-1/commands");
  const received = new Promise<string>((resolve) =>
    client.once("message", (_topic, payload) => resolve(String(payload))),
  );
  const id = await run.gateway.sendCommand("HG-1", { command: "set-interval", seconds: 30 });
  expect(JSON.parse(await received)).toEqual({ id, command: "set-interval", seconds: 30 });
  await client.publishAsync("v1/stations/HG-1/command-results", JSON.stringify({ id, ok: true }), { qos: 1 });
  await expect(run.gateway.sendCommand("HG-2", { command: "report-now" })).rejects.toThrow("not connected");
});

test("each minute of the clock without a reading is marked in the log, a minute with one is not", async () => {
  await start();
  const kinds = async () => {
    const stop = new AbortController();
    const all: unknown[] = [];
    const { lastSeq } = await run.bus.info("readings");
    if (lastSeq === 0) return all;
    for await (const batch of run.bus.read("readings", { from: 1, batch: 100 }, stop.signal)) {
      for (const { data } of batch) all.push(JSON.parse(Buffer.from(data).toString()));
      if (batch.at(-1)?.seq === lastSeq) stop.abort();
    }
    return all.map((message) => {
      const { kind, at } = message as { kind: string; at?: number };
      return at === undefined ? kind : `${kind} +${(at - NOW) / 60_000}`;
    });
  };
  run.clock.advanceTo(NOW + 60_000);
  await expect.poll(kinds).toEqual(["clock +1"]);
  await run.publish(await run.connect("HG-1"), reading());
  run.clock.advanceTo(NOW + 120_000);
  // Turns of the event loop, so that the minute is seen to have passed before the next one does.
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  run.clock.advanceTo(NOW + 180_000);
  await expect.poll(kinds).toEqual(["clock +1", "readings", "clock +3"]);
});
