import { type DeadLetterReason, PAYLOAD_LIMIT_BYTES, readingsTopic, statusTopic } from "@hotgrid/contracts";
import type { MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type GatewayRun, NOW, reading, startGatewayRun } from "./testing/gateway-run.ts";

let run: GatewayRun;
let station: MqttClient;
let other: MqttClient;
beforeEach(async () => {
  run = await startGatewayRun();
  station = await run.connect("HG-1");
  other = await run.connect("HG-2");
});
afterEach(() => run.close());

/** What every bad input must leave as it was: the process, and another station's way into the log. */
async function othersAreUnharmed(seq = 77): Promise<void> {
  await run.publish(other, reading({ seq }));
  const stored = await run.readings(1);
  expect(stored.filter((one) => one.stationId === "HG-2" && one.seq === seq)).toHaveLength(1);
}

const ended = (client: MqttClient) => new Promise<void>((resolve) => client.once("close", resolve));

describe("a payload that can't be used is acknowledged once it is among the dead letters", () => {
  test.each<[string, string, DeadLetterReason, string]>([
    ["not JSON", "hello", "not-json", ""],
    ["NaN", `{"phenomenonTime":${NOW},"results":{"pm25":NaN}}`, "not-json", ""],
    ["wrong types", reading({ results: { pm25: "35" } }), "not-a-number", "results.pm25"],
    ["results of the wrong type", reading({ results: 35 }), "wrong-shape", "results"],
    ["missing time", reading({ phenomenonTime: undefined }), "missing-time", "phenomenonTime"],
    ["wrong offset", reading({ phenomenonTime: "2026-11-22T08:00:00+25:00" }), "bad-time", "phenomenonTime"],
    ["no offset", reading({ phenomenonTime: "2026-11-22T08:00:00" }), "bad-time", "phenomenonTime"],
    ["1e308", reading({ results: { pm25: 1e308 } }), "implausible-value", "results.pm25"],
    ["negative", reading({ results: { pm25: -1 } }), "implausible-value", "results.pm25"],
    ["an hour ahead", reading({ phenomenonTime: NOW + 3_600_000 }), "future-time", "phenomenonTime"],
    ["years ago", reading({ phenomenonTime: NOW - 800 * 86_400_000 }), "ancient-time", "phenomenonTime"],
    ["only unknown properties", reading({ results: { radon: 3 } }), "no-known-property", "results"],
    ["501 readings", `[${Array(501).fill(reading()).join(",")}]`, "too-many-readings", ""],
  ])("%s", async (_name, payload, reason, field) => {
    await run.publish(station, payload);
    const [letter] = await run.deadLetters(1);
    expect(letter).toMatchObject({ reason, field, at: NOW, rawBytes: Buffer.byteLength(payload) });
    expect(letter?.source).toEqual({ kind: "mqtt", stationId: "HG-1", subject: readingsTopic("HG-1") });
    expect(Buffer.from(letter?.raw ?? "", "base64").toString()).toBe(payload);
    expect(run.gateway.counters().deadLettered).toEqual({ [reason]: 1 });
    await othersAreUnharmed();
    expect(station.connected).toBe(true);
    expect(await run.readings(1)).toHaveLength(1);
  });
});

test("of an array the good readings are stored and each bad one is dead-lettered on its own", async () => {
  const bad = '{"phenomenonTime":0,"results":{"pm25":1}}';
  await run.publish(station, `[${reading({ seq: 1 })},${bad},${reading({ seq: 2 })},5]`);
  const letters = await run.deadLetters(2);
  expect(letters.map(({ reason, raw }) => [reason, Buffer.from(raw, "base64").toString()])).toEqual([
    ["ancient-time", bad],
    ["wrong-shape", "5"],
  ]);
  expect((await run.readings(2)).map(({ seq }) => seq)).toEqual([1, 2]);
  await othersAreUnharmed();
});

test("an unknown property is kept out, the rest is stored, and it is reported once per station", async () => {
  await run.publish(station, reading({ results: { pm25: 35, pm1: 20 } }));
  await run.publish(station, reading({ results: { pm25: 36, pm1: 21 } }));
  await run.publish(other, reading({ results: { pm25: 37, pm1: 22 } }));
  expect((await run.readings(3)).map(({ results }) => results)).toEqual([{ pm25: 35 }, { pm25: 36 }, { pm25: 37 }]);
  const reported = (await run.events(4)).filter((event) => event.kind === "unknown-property");
  expect(reported.map(({ stationId, property }) => [stationId, property])).toEqual([
    ["HG-1", "pm1"],
    ["HG-2", "pm1"],
  ]);
  expect(await run.deadLetters(0)).toEqual([]);
});

test("duplicates, readings out of order and a day late are taken: the store and the detector know what they are", async () => {
  const times = [NOW, NOW - 120_000, NOW, NOW - 86_400_000];
  for (const phenomenonTime of times) await run.publish(station, reading({ phenomenonTime }));
  expect((await run.readings(4)).map((one) => one.phenomenonTime)).toEqual(times);
  expect(await run.deadLetters(0)).toEqual([]);
});

test("500 readings in one message are taken", async () => {
  const all = Array.from({ length: 500 }, (_, seq) => reading({ seq, phenomenonTime: NOW - seq * 60_000 }));
  await run.publish(station, `[${all.join(",")}]`);
  expect(await run.readings(500)).toHaveLength(500);
});

test("1 MB is never gathered: its head is dead-lettered, it is acknowledged, and the connection ends", async () => {
  const end = ended(station);
  const payload = Buffer.alloc(1024 * 1024, '{"phenomenonTime":');
  const acknowledged = run.publish(station, payload);
  const [letter] = await run.deadLetters(1);
  expect(letter).toMatchObject({ reason: "payload-too-large", rawBytes: payload.length });
  expect(letter?.source.subject).toBe(readingsTopic("HG-1"));
  const head = Buffer.from(letter?.raw ?? "", "base64");
  expect(head.length).toBeLessThanOrEqual(4096);
  expect(payload.subarray(0, head.length).equals(head)).toBe(true);
  await acknowledged;
  await end;
  expect(run.gateway.counters().refused).toEqual({ "payload-too-large": 1 });
  await othersAreUnharmed();
});

test("a byte over the limit is dead-lettered and acknowledged, at the limit it is judged by its contents", async () => {
  const padded = (bytes: number) => reading().padEnd(bytes, " ");
  await run.publish(station, padded(PAYLOAD_LIMIT_BYTES));
  await run.publish(station, padded(PAYLOAD_LIMIT_BYTES + 1));
  expect(await run.readings(1)).toHaveLength(1);
  const [letter] = await run.deadLetters(1);
  expect(letter).toMatchObject({ reason: "payload-too-large", rawBytes: PAYLOAD_LIMIT_BYTES + 1 });
  expect(station.connected).toBe(true);
});

test.each([readingsTopic("HG-2"), statusTopic("HG-2"), "v1/stations/HG-10/readings", "v1/stations", "x", "$SYS/x"])(
  "a publish to %s, which is not the station's own, ends its connection and is kept with the reason",
  async (topic) => {
    const end = ended(station);
    station.publish(topic, reading(), { qos: 1 });
    await end;
    const [letter] = await run.deadLetters(1);
    expect(letter).toMatchObject({ reason: "unknown-topic", source: { stationId: "HG-1", subject: topic } });
    expect(run.gateway.counters().refused).toEqual({ "foreign-publish": 1 });
    await othersAreUnharmed();
    expect(await run.readings(1)).toHaveLength(1);
  },
);

test("a publish to a topic of its own that there is not is acknowledged and dead-lettered", async () => {
  await station.publishAsync("v1/stations/HG-1/reedings", reading(), { qos: 1 });
  expect(await run.deadLetters(1)).toMatchObject([{ reason: "unknown-topic" }]);
  await othersAreUnharmed();
});

test.each(["#", "v1/stations/+/readings", "v1/stations/HG-1/#", readingsTopic("HG-2"), "$SYS/#"])(
  "a subscription to %s ends the connection",
  async (filter) => {
    const end = ended(station);
    station.subscribe(filter);
    await end;
    expect(run.gateway.counters().refused).toEqual({ "foreign-subscription": 1 });
    await othersAreUnharmed();
  },
);

test("readings reach nobody who subscribes, also when they are sent to be retained", async () => {
  const received: string[] = [];
  station.on("message", (topic) => received.push(topic));
  await station.subscribeAsync([statusTopic("HG-1"), "v1/stations/HG-1/commands"]);
  await station.publishAsync(readingsTopic("HG-1"), reading(), { qos: 1, retain: true });
  await station.publishAsync(statusTopic("HG-1"), '{"state":"online","at":1}', { qos: 1, retain: true });
  await expect.poll(() => received).toEqual([statusTopic("HG-1")]);
});

test("QoS 2 is taken like QoS 1: answered once it is durable", async () => {
  await station.publishAsync(readingsTopic("HG-1"), reading(), { qos: 2 });
  expect(await run.readings(1)).toHaveLength(1);
});

test("QoS 0 is stored as well", async () => {
  await station.publishAsync(readingsTopic("HG-1"), reading(), { qos: 0 });
  expect(await run.readings(1)).toHaveLength(1);
});
