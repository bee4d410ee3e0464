import { type DeadLetterReason, OBSERVED_PROPERTIES, PROPERTY_DEFINITIONS, Reading } from "@hotgrid/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePublish } from "./decode-publish.ts";
import { splitArray } from "./split-array.ts";

const NOW = Date.parse("2026-11-22T08:00:00+08:00");
const bounds = { now: NOW, futureMs: 5 * 60_000, ageMs: 400 * 86_400_000 };
const decode = (payload: string | Uint8Array) =>
  decodePublish("HG-1", typeof payload === "string" ? Buffer.from(payload) : payload, bounds);
const good = { phenomenonTime: "2026-11-22T08:00:00+08:00", results: { pm25: 35.2 } };
const reading = (over: object) => JSON.stringify({ ...good, ...over });
const results = (text: string) => `{"phenomenonTime":${NOW},"results":${text}}`;
const at = (text: string) => `{"phenomenonTime":${text},"results":{"pm25":1}}`;

describe("a message that can't be used says why, and where", () => {
  test.each<[string, string | Uint8Array, DeadLetterReason, string]>([
    ["text", "PM2.5=35", "not-json", ""],
    ["nothing", "", "not-json", ""],
    ["GBK", Uint8Array.of(0x22, 0xc9, 0xdc, 0x22), "not-json", ""],
    ["NaN", results('{"pm25":NaN}'), "not-json", ""],
    ["a number", "35.2", "wrong-shape", ""],
    ["null", "null", "wrong-shape", ""],
    ["an empty array", "[]", "wrong-shape", ""],
    ["no results", '{"phenomenonTime":1}', "wrong-shape", "results"],
    ["results as an array", reading({ results: [1] }), "wrong-shape", "results"],
    ["seq as text", reading({ seq: "1" }), "wrong-shape", "seq"],
    ["device as text", reading({ device: "x" }), "wrong-shape", "device"],
    ["a battery as text", reading({ device: { battery: "12" } }), "wrong-shape", "device.battery"],
    ["a place that is none", reading({ device: { lat: 91 } }), "implausible-value", "device.lat"],
    ["no time", '{"results":{"pm25":1}}', "missing-time", "phenomenonTime"],
    ["time null", at("null"), "missing-time", "phenomenonTime"],
    ["time without offset", at('"2026-11-22T08:00:00"'), "bad-time", "phenomenonTime"],
    ["time without seconds", at('"2026-11-22T08:00+08:00"'), "bad-time", "phenomenonTime"],
    ["offset of 25 hours", at('"2026-11-22T08:00:00+25:00"'), "bad-time", "phenomenonTime"],
    ["offset of 15 hours", at('"2026-11-22T08:00:00+15:00"'), "bad-time", "phenomenonTime"],
    ["30 February", at('"2026-02-30T08:00:00+08:00"'), "bad-time", "phenomenonTime"],
    ["a date", at('"2026-11-22"'), "bad-time", "phenomenonTime"],
    ["fractions of ms", at("1795305600000.5"), "bad-time", "phenomenonTime"],
    ["time as an object", at("{}"), "bad-time", "phenomenonTime"],
    ["an hour ahead", at(`${NOW + 3_600_000}`), "future-time", "phenomenonTime"],
    ["seconds for milliseconds", at(`${NOW / 1000}`), "ancient-time", "phenomenonTime"],
    ["two years ago", at('"2024-11-22T08:00:00+08:00"'), "ancient-time", "phenomenonTime"],
    ["a value as text", results('{"pm25":"35"}'), "not-a-number", "results.pm25"],
    ["a value null", results('{"pm25":null}'), "not-a-number", "results.pm25"],
    ["1e999", results('{"pm25":1e999}'), "not-a-number", "results.pm25"],
    ["1e308", results('{"pm25":1e308}'), "implausible-value", "results.pm25"],
    ["a negative concentration", results('{"pm10":-1}'), "implausible-value", "results.pm10"],
    ["no result", results("{}"), "no-known-property", "results"],
    ["only unknown properties", results('{"pm1":3}'), "no-known-property", "results"],
    ["501 readings", JSON.stringify(Array(501).fill(good)), "too-many-readings", ""],
  ])("%s", (_name, payload, reason, field) => {
    const { readings, refused } = decode(payload);
    expect(readings).toEqual([]);
    expect(refused.map((part) => [part.reason, part.field])).toEqual([[reason, field]]);
    expect(Buffer.from(refused[0]?.raw ?? [])).toEqual(Buffer.from(payload));
    for (const text of Object.values(refused[0]?.message ?? {})) expect(text.length).toBeGreaterThan(10);
  });
});

test("the message names the field, the value, the range and the unit, in Chinese and in English", () => {
  const message = decode(results('{"pm25":-3.5}')).refused[0]?.message;
  expect(message?.zh).toBe("results.pm25 = -3.5 超出可能范围（0…5000 µg/m³）；请检查传感器与单位");
  expect(message?.en).toContain("results.pm25 = -3.5 is outside what can be (0…5000 µg/m³)");
});

describe("what can be taken is taken", () => {
  test.each<[string, string, number]>([
    ["with an offset", '"2026-11-22T08:00:00+08:00"', NOW],
    ["in UTC", '"2026-11-22T00:00:00Z"', NOW],
    ["with milliseconds", '"2026-11-22T08:00:00.250+08:00"', NOW + 250],
    ["in epoch milliseconds", `${NOW}`, NOW],
    ["a day late", '"2026-11-21T08:00:00+08:00"', NOW - 86_400_000],
    ["five minutes ahead", `${NOW + 300_000}`, NOW + 300_000],
  ])("a time %s", (_name, time, expected) => {
    expect(decode(at(time)).readings.map((r) => r.phenomenonTime)).toEqual([expected]);
  });

  test("all fields of a full reading", () => {
    const device = { battery: 12.4, rssi: -71, firmware: "1.4.2", lon: 120.58, lat: 30 };
    const { readings, unknown } = decode(reading({ seq: 1024, device }));
    expect(readings).toEqual([
      { stationId: "HG-1", phenomenonTime: NOW, resultTime: NOW, results: { pm25: 35.2 }, seq: 1024, device },
    ]);
    expect(unknown).toEqual([]);
  });

  test("the good readings beside a bad one, which is kept as it stood", () => {
    const bad = `{"phenomenonTime": ${NOW}, "results": {"pm25": 1e999, "x": "],\\"["}}`;
    const { readings, refused, count } = decode(`[${reading({ seq: 1 })}, ${bad} ,${reading({ seq: 3 })}]`);
    expect(readings.map((r) => r.seq)).toEqual([1, 3]);
    expect(refused.map((r) => [r.reason, r.field])).toEqual([["not-a-number", "[1].results.pm25"]]);
    expect(Buffer.from(refused[0]?.raw ?? []).toString()).toBe(bad);
    expect(count).toBe(3);
  });

  test("a reading without its unknown fields, which are named", () => {
    const { readings, unknown } = decode(
      reading({ results: { pm25: 1, pm1: 2 }, device: { colour: "red" }, vendor: "x" }),
    );
    expect(readings[0]?.results).toEqual({ pm25: 1 });
    expect(unknown).toEqual(["pm1", "device.colour", "/vendor"]);
    expect(Reading.safeParse(readings[0]).success).toBe(true);
  });
});

test("arrays nested as deep as a payload allows are refused, not a crash", () => {
  const deep = `${"[".repeat(130_000)}${"]".repeat(130_000)}`;
  expect(decode(deep).refused.map((r) => r.reason)).toEqual(["wrong-shape"]);
  expect(decode(`[1,${deep}]`).refused.map((r) => r.reason)).toEqual(["wrong-shape", "wrong-shape"]);
});

const jsonText = fc.json({ maxDepth: 3 });
test("the parts of an array are its elements", () => {
  fc.assert(
    fc.property(fc.array(jsonText, { maxLength: 8 }), fc.constantFrom("", " ", "\n "), (parts, space) => {
      const text = `${space}[${parts.map((part) => `${space}${part}${space}`).join(",")}]${space}`;
      expect(splitArray(text)).toEqual(parts.map((part) => part.trim()));
    }),
  );
});

const anyReading = fc.record(
  {
    phenomenonTime: fc.oneof(
      fc.integer({ min: NOW - 500 * 86_400_000, max: NOW + 600_000 }),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.string(),
    ),
    seq: fc.oneof(fc.nat(), fc.string()),
    results: fc.dictionary(
      fc.constantFrom(...OBSERVED_PROPERTIES, "pm1", "__proto__", "toString"),
      fc.oneof(fc.double({ min: -100, max: 6000, noNaN: true }), fc.string(), fc.constant(null)),
      { maxKeys: 5 },
    ),
    device: fc.dictionary(fc.constantFrom("battery", "firmware", "lat"), fc.oneof(fc.double(), fc.string())),
  },
  { requiredKeys: [] },
);

test("whatever is published: each reading is either taken by the contract and in range, or refused with its text", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyReading, fc.jsonValue()), { minLength: 1, maxLength: 6 }), (items) => {
      const { readings, refused, count } = decode(JSON.stringify(items));
      expect(readings.length + refused.length).toBe(items.length);
      expect(count).toBe(items.length);
      for (const one of readings) {
        expect(Reading.parse(one)).toEqual(one);
        for (const property of OBSERVED_PROPERTIES) {
          const value = one.results[property] ?? PROPERTY_DEFINITIONS[property].min;
          expect(value).toBeGreaterThanOrEqual(PROPERTY_DEFINITIONS[property].min);
          expect(value).toBeLessThanOrEqual(PROPERTY_DEFINITIONS[property].max);
        }
      }
      for (const { raw } of refused) expect(() => JSON.parse(Buffer.from(raw).toString())).not.toThrow();
    }),
  );
});

test("whatever bytes are published are decoded or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (payload) => {
      const { readings, refused } = decode(payload);
      expect(readings.length + refused.length).toBeGreaterThan(0);
    }),
  );
});
