import { IsoTime, OBSERVED_PROPERTIES, PROPERTY_DEFINITIONS, type Reading } from "@hotgrid/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePublish } from "./decode-publish.ts";
import { plainReading } from "./plain-reading.ts";
import { LARGEST_OFFSET_MINUTES, plainTime } from "./plain-time.ts";

const NOW = Date.parse("2026-11-22T08:00:00+08:00");
const bounds = { now: NOW, futureMs: 5 * 60_000, ageMs: 400 * 86_400_000 };
const plain = (text: string) => plainReading("HG-1", Buffer.from(text), bounds);

const TIME = '"phenomenonTime":"2026-11-22T08:00:00+08:00"';
const full = {
  phenomenonTime: "2026-11-22T08:00:00+08:00",
  seq: 1024,
  results: Object.fromEntries(OBSERVED_PROPERTIES.map((name) => [name, name === "pressure" ? 1013.25 : 35.2])),
  device: { battery: 12.4, rssi: -71, firmware: "1.4.2 b", lon: 120.58, lat: -30 },
};
const spaced = (value: object) =>
  JSON.stringify(value, null, 1)
    .replaceAll(/\n */g, " ")
    .replaceAll(/ ?\} ?/g, "}");

/** It is taken the short way, and the schema says the same of it. */
function expectTaken(text: string): Reading {
  const taken = plain(text);
  const { readings, refused, unknown } = decodePublish("HG-1", Buffer.from(text), bounds);
  expect([refused, unknown]).toEqual([[], []]);
  const reading: Reading = JSON.parse(taken?.text ?? "null");
  expect([reading]).toEqual(readings);
  expect([taken?.stationId, taken?.phenomenonTime]).toEqual([reading.stationId, reading.phenomenonTime]);
  return reading;
}

describe("what stations usually send is taken the short way", () => {
  test.each<[string, string]>([
    ["every field", JSON.stringify(full)],
    ["with a space after each comma and colon", spaced(full)],
    ["the time in epoch milliseconds", JSON.stringify({ ...full, phenomenonTime: NOW })],
    ["results alone", `{${TIME},"results":{"pm25":0}}`],
    ["fields in another order", `{${TIME},"device":{"rssi":-1},"seq":0,"results":{"so2":-0.25}}`],
    ["a count written with a decimal", `{${TIME},"seq":7.0,"results":{"pm25":1}}`],
    [
      "as many digits as a double has",
      `{${TIME},"results":{"pm25":1234.567890123456,"pm10":0.1000000000000000055511}}`,
    ],
  ])("%s", (_name, text) => {
    expectTaken(text);
  });
});

describe("what is not plainly right is left to the schema", () => {
  test.each<[string, string]>([
    ["no results", `{${TIME},"seq":1}`],
    ["empty results", `{${TIME},"results":{}}`],
    ["an unknown property", `{${TIME},"results":{"pm25":1,"pm1":1}}`],
    ["a field twice", `{${TIME},"results":{"pm25":1},"results":{"pm25":2}}`],
    ["a property twice", `{${TIME},"results":{"pm25":1,"pm25":2}}`],
    ["the time twice", `{${TIME},"results":{"pm25":1},${TIME}}`],
    ["a value out of range", `{${TIME},"results":{"pm25":5000.1}}`],
    ["a place out of range", `{${TIME},"results":{"pm25":1},"device":{"lat":90.1}}`],
    ["a leading zero", `{${TIME},"results":{"pm25":01}}`],
    ["a bare point", `{${TIME},"results":{"pm25":1.}}`],
    ["minus alone", `{${TIME},"results":{"no2":-}}`],
    ["minus zero", `{${TIME},"results":{"no2":-0.0}}`],
    ["an exponent", `{${TIME},"results":{"pm25":1e1}}`],
    ["seventeen digits out of range", `{${TIME},"results":{"pm25":5000.0000000000009}}`],
    ["more digits than a double has", `{${TIME},"results":{"pm25":${"9".repeat(400)}}}`],
    ["a broken count", `{${TIME},"seq":1.5,"results":{"pm25":1}}`],
    ["a comma too many", `{${TIME},"results":{"pm25":1,}}`],
    ["a brace too few", `{${TIME},"results":{"pm25":1}`],
    ["something behind", `{${TIME},"results":{"pm25":1}} `],
    ["an escape", `{${TIME},"results":{"pm25":1},"device":{"firmware":"\\u0031"}}`],
    ["a control character", `{${TIME},"results":{"pm25":1},"device":{"firmware":"\u0001"}}`],
    ["more than ASCII", `{${TIME},"results":{"pm25":1},"device":{"firmware":"版"}}`],
    ["a firmware's name of 65 characters", `{${TIME},"results":{"pm25":1},"device":{"firmware":"${"1".repeat(65)}"}}`],
    ["a text without end", `{${TIME},"results":{"pm25":1},"device":{"firmware":"1`],
    ["a name without end", `{${TIME},"results":{"pm25`],
    ["a time of the future", `{"phenomenonTime":${NOW + 600_000},"results":{"pm25":1}}`],
    ["an array", `[{${TIME},"results":{"pm25":1}}]`],
    ["nothing", ""],
  ])("%s", (_name, text) => {
    expect(plain(text)).toBeUndefined();
  });
});

type Range = readonly [name: string, bounds: { readonly min: number; readonly max: number }];
/** A value of the range, now and then beside it, with as many decimals as a division gives or cut to some. */
const member = ([name, { min, max }]: Range) =>
  fc.tuple(fc.integer({ min: -20, max: 3020 }), fc.integer({ min: -1, max: 6 })).map(([part, decimals]) => {
    const value = min + ((max - min) * part) / 3000;
    return [name, decimals < 0 ? String(value) : value.toFixed(decimals)] as const;
  });
const members = (ranges: readonly Range[]) =>
  fc
    .uniqueArray(fc.oneof(...ranges.map(member)), { minLength: 1, maxLength: 4, selector: ([name]) => name })
    .map((all) => `{${all.map(([name, value]) => `"${name}":${value}`).join(",")}}`);
const ofDevice: readonly Range[] = [
  ["battery", { min: 0, max: 30 }],
  ["lon", { min: -180, max: 180 }],
  ["lat", { min: -90, max: 90 }],
];
const published = fc
  .tuple(members(OBSERVED_PROPERTIES.map((name) => [name, PROPERTY_DEFINITIONS[name]])), members(ofDevice), fc.nat())
  .map(([results, device, seq]) => `{${TIME},"seq":${seq},"results":${results},"device":${device}}`);
/** A text with some of its characters replaced, removed or doubled. */
const damaged = fc
  .tuple(published, fc.array(fc.tuple(fc.nat(), fc.constantFrom(...' "{}[]:,.-0129eE\\\u00e9', "")), { maxLength: 2 }))
  .map(([text, changes]) =>
    changes.reduce((all, [at, by]) => {
      const place = at % all.length;
      return all.slice(0, place) + by + all.slice(place + 1);
    }, text),
  );

test("whatever is taken the short way is what the schema takes, value by value", () => {
  let taken = 0;
  const property = fc.property(damaged, (text) => {
    if (!plain(text)) return;
    expectTaken(text);
    taken += 1;
  });
  fc.assert(property, { numRuns: 2000 });
  expect(taken).toBeGreaterThan(100);
});

const twoDigits = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"));
const isoLike = fc
  .tuple(
    fc.constantFrom("2026", "2024", "1900", "2000", "0099", "0100", "9999"),
    fc.tuple(twoDigits(13), twoDigits(32)),
    fc.tuple(twoDigits(24), twoDigits(60), twoDigits(60)),
    fc.constantFrom("", ".250", ".007", ".25", ".2501", "."),
    fc.constantFrom("Z", "z", "+08:00", "-03:30", "+14:00", "+14:01", "-23:59", "+8:00", "+0800", ""),
  )
  .map(([year, date, time, fraction, zone]) => `${year}-${date.join("-")}T${time.join(":")}${fraction}${zone}`);

test("a time taken the short way is what the schema and Date.parse make of it", () => {
  let taken = 0;
  const property = fc.property(isoLike, (text) => {
    const time = plainTime(text);
    if (Number.isNaN(time)) return;
    taken += 1;
    expect(IsoTime.safeParse(text).success).toBe(true);
    expect(time).toBe(Date.parse(text));
    const [, hours = 0, minutes = 0] = (/[+-](\d\d):(\d\d)$/.exec(text) ?? []).map(Number);
    expect(hours * 60 + minutes).toBeLessThanOrEqual(LARGEST_OFFSET_MINUTES);
  });
  fc.assert(property, { numRuns: 2000 });
  expect(taken).toBeGreaterThan(100);
});
