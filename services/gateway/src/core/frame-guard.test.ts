import fc from "fast-check";
import { generate, type Packet } from "mqtt-packet";
import { expect, test } from "vitest";
import { FrameGuard } from "./frame-guard.ts";

const limits = { publishBytes: 300, controlBytes: 100, headBytes: 50 };
const connect: Packet = {
  cmd: "connect",
  protocolId: "MQTT",
  protocolVersion: 4,
  clean: true,
  clientId: "a",
  keepalive: 0,
};
const publish = (bytes: number, qos: 0 | 1 = 1): Packet => ({
  cmd: "publish",
  topic: "v1/t",
  payload: Buffer.alloc(bytes, "x"),
  qos,
  dup: false,
  retain: false,
  ...(qos > 0 ? { messageId: 7 } : {}),
});
const bytesOf = (...packets: Packet[]) => Buffer.concat(packets.map((packet) => generate(packet)));

/** Feeds bytes cut at the given places; returns what the parser got. */
function feed(guard: FrameGuard, bytes: Buffer, cuts: readonly number[] = []): Buffer {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const passed: Buffer[] = [];
  for (const [i, from] of places.slice(0, -1).entries()) {
    const chunk = bytes.subarray(from, places[i + 1]);
    passed.push(chunk.subarray(0, guard.inspect(chunk)));
  }
  return Buffer.concat(passed);
}

const anyCuts = fc.array(fc.nat(), { maxLength: 12 });

test("packets within their limits pass unchanged, however the bytes are cut", () => {
  const payloads = fc.array(fc.nat(250), { maxLength: 10 });
  fc.assert(
    fc.property(payloads, anyCuts, (sizes, cuts) => {
      const bytes = bytesOf(connect, { cmd: "pingreq" }, ...sizes.map((size) => publish(size)));
      const guard = new FrameGuard(limits);
      expect(feed(guard, bytes, cuts).equals(bytes)).toBe(true);
      expect([guard.fault, guard.oversize]).toEqual([undefined, undefined]);
    }),
  );
});

test("of a PUBLISH over the limit the parser gets no body, and its topic, id, size and head are known", () => {
  fc.assert(
    fc.property(
      anyCuts,
      fc.integer({ min: 301, max: 20_000 }),
      fc.constantFrom(0 as const, 1 as const),
      (cuts, size, qos) => {
        const before = bytesOf(connect, publish(10));
        const bytes = Buffer.concat([before, bytesOf(publish(size, qos))]);
        const guard = new FrameGuard(limits);
        const passed = feed(guard, bytes, cuts);
        expect(passed.subarray(0, before.length).equals(before)).toBe(true);
        expect(passed.length).toBeLessThanOrEqual(before.length + 4);
        const { oversize } = guard;
        expect([oversize?.known, oversize?.ended, oversize?.qos]).toEqual([true, true, qos]);
        expect(oversize?.contents).toMatchObject({ topic: "v1/t", packetId: qos * 7, payloadBytes: size });
        expect(Buffer.from(oversize?.contents.payloadHead ?? []).toString()).toMatch(/^x{40,50}$/);
      },
    ),
  );
});

test.each<[string, Buffer, string]>([
  ["HTTP", Buffer.from("GET / HTTP/1.1\r\n"), "not-mqtt"],
  ["TLS", Buffer.from([0x16, 3, 1, 2, 0]), "not-mqtt"],
  ["a PUBLISH before the CONNECT", bytesOf(publish(1)), "not-mqtt"],
  ["a length of five bytes", Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01]), "not-mqtt"],
  ["a CONNECT of 200 MB", Buffer.from([0x10, 0xff, 0xff, 0xff, 0x5f]), "packet-too-large"],
  ["a SUBSCRIBE of 128 bytes", Buffer.concat([bytesOf(connect), Buffer.from([0x82, 0x80, 0x01])]), "packet-too-large"],
])("%s ends the connection: %#", (_name, bytes, fault) => {
  const guard = new FrameGuard(limits);
  feed(guard, bytes);
  expect(guard.fault).toBe(fault);
});

test("whatever bytes come, the guard decides the same however they are cut", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), anyCuts, (noise, cuts) => {
      const bytes = Buffer.concat([bytesOf(connect), noise]);
      const whole = new FrameGuard(limits);
      feed(whole, bytes);
      const parts = new FrameGuard(limits);
      feed(parts, bytes, cuts);
      expect([parts.fault, parts.oversize?.length]).toEqual([whole.fault, whole.oversize?.length]);
    }),
  );
});
