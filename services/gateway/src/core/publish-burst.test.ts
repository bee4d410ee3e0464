import fc from "fast-check";
import { generate, type Packet, parser } from "mqtt-packet";
import { expect, test } from "vitest";
import { publishBurst } from "./publish-burst.ts";

const TOPIC = "v1/stations/HG-1/readings";
const publish = (payload: string, messageId: number, over: object = {}): Packet => ({
  ...{ cmd: "publish", topic: TOPIC, payload, qos: 1, messageId, dup: false, retain: false },
  ...over,
});
const bytesOf = (...packets: Packet[]) => Buffer.concat(packets.map((packet) => generate(packet)));
const TWO = bytesOf(publish("x", 8), publish("x", 9));
const burst = (bytes: Buffer) => publishBurst(bytes, Buffer.from(TOPIC));

test("of publishes that arrive together all but the last two are read as the parser reads them, flags and lengths of any size", () => {
  const one = fc.record({
    payload: fc
      .tuple(fc.constantFrom(0, 1, 90, 98, 200, 16_400), fc.constantFrom("x", "监"))
      .map(([length, char]) => char.repeat(length)),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    dup: fc.boolean(),
    retain: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(one, { minLength: 3, maxLength: 6 }), (publishes) => {
      const bytes = bytesOf(...publishes.map(({ payload, messageId, ...flags }) => publish(payload, messageId, flags)));
      const found = burst(bytes);
      const read = found?.first.map(({ messageId, payload }) => ({ messageId, payload: payload.toString() }));
      expect(read).toEqual(publishes.slice(0, -2).map(({ messageId, payload }) => ({ messageId, payload })));
      const last = publishes.slice(-2).map(({ payload, messageId, ...flags }) => publish(payload, messageId, flags));
      expect(bytes.subarray(found?.restAt)).toEqual(bytesOf(...last));
    }),
  );
});

test.each<[string, Buffer]>([
  ["two publishes", bytesOf(publish("x", 1), publish("x", 2))],
  ["nothing", Buffer.alloc(0)],
  [
    "something else behind",
    bytesOf(publish("x", 8), publish("x", 9), publish("x", 1), publish("x", 2), { cmd: "pingreq" }),
  ],
  ["something else before", bytesOf({ cmd: "pingreq" }, publish("x", 1), publish("x", 2), publish("x", 3))],
  [
    "another topic",
    bytesOf(publish("x", 8), publish("x", 9), publish("x", 1), publish("x", 2, { topic: "v1/stations/HG-2/readings" })),
  ],
  [
    "a longer topic",
    bytesOf(publish("x", 8), publish("x", 9), publish("x", 1), publish("x", 2, { topic: `${TOPIC}/x` })),
  ],
  ["QoS 0", bytesOf(publish("x", 8), publish("x", 9), publish("x", 1), publish("x", 2, { qos: 0 }))],
  ["QoS 2", bytesOf(publish("x", 1, { qos: 2 }), publish("x", 2), publish("x", 3))],
  ["a packet cut short", bytesOf(publish("x", 8), publish("x", 9), publish("x", 1), publish("xyz", 2)).subarray(0, -1)],
  ["a header cut short", Buffer.concat([TWO, bytesOf(publish("x", 1)), Uint8Array.of(0x32)])],
  ["a packet id of 0", Buffer.concat([bytesOf(publish("x", 1)).fill(0, 29, 31), TWO])],
  ["a length without end", Buffer.concat([TWO, bytesOf(publish("x", 1)), Uint8Array.of(0x32, 128, 128, 128, 128, 0)])],
  ["a packet without room for its id", Buffer.concat([TWO, bytesOf(publish("x", 1)), Uint8Array.of(0x32, 2, 0, 25)])],
])("%s is left to the parser", (_name, bytes) => {
  expect(burst(bytes)).toBeUndefined();
});

test("whatever bytes come, what is found lies within them and reads as the parser reads it", () => {
  const two = bytesOf(publish("abc", 1), publish("def", 2), publish("ghi", 3));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(two.length - 1), fc.nat(255)), { maxLength: 3 }), (changes) => {
      const bytes = Buffer.from(two);
      for (const [at, byte] of changes) bytes[at] = byte;
      const found = burst(bytes);
      if (!found) return;
      const packets: Packet[] = [];
      parser()
        .on("packet", (packet) => packets.push(packet))
        .parse(bytes.subarray(0, found.restAt));
      expect(
        packets.map((packet) => packet.cmd === "publish" && [packet.topic, packet.messageId, packet.payload]),
      ).toEqual(found.first.map(({ messageId, payload }) => [TOPIC, messageId, payload]));
    }),
  );
});
