import { readFileSync } from "node:fs";
import type { Reading } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { createDetector } from "./detector.ts";
import { parseRules } from "./rules/parse-rules.ts";
import { decide, episodesOf, geography, lattice, normal, random, readings, type World } from "./testing.ts";

const RULES = new URL("../../../seeds/shaoxing/rules.json", import.meta.url);
const rules = parseRules(JSON.parse(readFileSync(RULES, "utf8")));
const stations = lattice(6, 2000);
const create = (list = stations) =>
  createDetector({ city: "330600", utcOffset: "+08:00", stations: list, rules, geography });
const BROKEN = "S-014";
const FROM = 760;
const quiet: World = { seed: 5, stations, startMs: Date.UTC(2026, 10, 20, 4) };
const noise = random(9);

/** Every few minutes another share of the value. */
let share = 1;
function looseShare(): number {
  if (noise() < 0.25) share = 2.5 * noise();
  return share;
}

type Distortion = (minute: number, value: number) => number | null;
const broken = (distort: Distortion): World => ({
  ...quiet,
  distort: (id, minute, value) => (id === BROKEN && minute >= FROM ? distort(minute - FROM, value) : value),
});

test.each<[string, Distortion, number, RegExp]>([
  ["a frozen value", () => 47.3, 600, /flat-line/],
  ["stuck high, with the last digit moving", () => 180 + normal(noise), 120, /device-check|flat-line/],
  ["zero in dirty air", () => 0.2, 120, /zero/],
  ["white noise", (_m, value) => Math.max(0, value + 60 * normal(noise)), 300, /noise|device-check/],
  ["a fan that stands", () => 999.9, 60, /fan-failure/],
  ["sparks: single absurd values", (_m, value) => (noise() < 0.12 ? value + 500 : value), 600, /device-check|noise/],
  ["a step of 45 µg/m³", (_m, value) => value + 45, 120, /device-check/],
  ["a loose contact", (_m, value) => value * looseShare(), 300, /device-check|noise/],
  ["micrograms for milligrams", (_m, value) => value * 1000, 60, /unit-swap/],
  ["drift of 4 µg/m³ an hour", (m, value) => value + m / 15, 900, /device-check|bias|drift/],
])("%s becomes a device's case, and nobody is sent", (_fault, distort, minutes, reason) => {
  const events = decide(create(), broken(distort), 0, FROM + minutes);
  const episodes = episodesOf(events);
  const about = episodes.filter((e) => e.stationIds.includes(BROKEN));
  expect(about.find((e) => e.kind === "device-fault")?.reason).toMatch(reason);
  expect(about.filter((e) => e.kind === "local" && e.confirmedAt !== null)).toEqual([]);
  const told = events.filter((e) => e.episode.kind === "device-fault");
  expect(told[0]?.episode.explanation.zh).toMatch(/限值.*请检查设备/);
  const measured = told[0]?.episode.evidence?.tests ?? [];
  expect(measured.map(({ name }) => name)).toEqual(told[0]?.episode.reason.split("+"));
  for (const { since, value, limit } of measured) {
    expect(since).toBeLessThanOrEqual(told[0]?.at ?? 0);
    expect(Number.isFinite(value) && Number.isFinite(limit)).toBe(true);
  }
  expect(told.length).toBeLessThan(8);
});

/** Gusts that last some minutes, as smoke has them. */
const gust = (minute: number) => 1 + 0.3 * Math.sin(minute / 3) + 0.2 * Math.sin(minute / 1.7);
const LEAP = 15;
/** A third of the air for a quarter of an hour, where it sinks first, then 2.4 times the air for half an hour, and well. */
const leapUp =
  (before: number): Distortion =>
  (minute, value) =>
    value * (minute < LEAP ? before : minute < LEAP + 30 ? 1 + 1.4 * gust(minute) : 1);
const sent = (distort: Distortion) =>
  episodesOf(decide(create(), broken(distort), 0, FROM + 120)).filter(
    ({ kind, confirmedAt }) => kind === "local" && confirmedAt !== null,
  );

test("what leaps up from deep below the air around sends nobody; the same from the air around does", () => {
  expect(sent(leapUp(0.3))).toEqual([]);
  expect(sent(leapUp(1))).toHaveLength(1);
});

test("drift is told within six hours, by its pace, before it looks like pollution", () => {
  const events = decide(
    create(),
    broken((m, value) => value + m / 15),
    0,
    FROM + 420,
  );
  const [fault] = episodesOf(events).filter((e) => e.kind === "device-fault");
  expect(fault).toMatchObject({ reason: "drift", stationIds: [BROKEN] });
  expect(((fault?.confirmedAt ?? 0) - quiet.startMs) / 60_000 - FROM).toBeLessThan(400);
});

test("of two stations that send the same, the one that is off its place is told, and both are named", () => {
  const detector = create();
  const other = "S-027";
  const all = [...readings(quiet, 0, FROM + 120)];
  const minuteOf = (reading: Reading) => Math.floor((reading.phenomenonTime - quiet.startMs) / 60_000);
  const theirs = new Map(all.filter((r) => r.stationId === other).map((r) => [minuteOf(r), r.results]));
  for (const reading of all) {
    const results = reading.stationId === BROKEN && minuteOf(reading) >= FROM ? theirs.get(minuteOf(reading)) : null;
    detector.ingest(results ? { ...reading, results } : reading);
  }
  const { episodes, quality } = detector.take();
  const faults = episodesOf(episodes).filter((e) => e.kind === "device-fault");
  expect(faults).toMatchObject([{ reason: "foreign-feed", stationIds: [BROKEN, other] }]);
  expect(faults[0]?.explanation.zh).toContain(`（与 ${other}）`);
  const accused = quality.filter((q) => q.kind === "quality" && q.tests.includes("foreign-feed"));
  expect(new Set(accused.map((q) => q.stationId))).toEqual(new Set([BROKEN]));
});

test("a clock that jumps by an hour makes its station useless, and is told", () => {
  const detector = create();
  for (const reading of readings(quiet, 0, FROM + 60)) {
    const late = reading.stationId === BROKEN && reading.phenomenonTime >= quiet.startMs + FROM * 60_000;
    detector.ingest(late ? { ...reading, phenomenonTime: reading.phenomenonTime - 3_600_000 } : reading);
  }
  const faults = episodesOf(detector.take().episodes).filter((e) => e.kind === "device-fault");
  expect(faults).toMatchObject([{ reason: "clock-skew", stationIds: [BROKEN] }]);
});

test("a silent station is known after half an hour, a case after six, and back when it speaks", () => {
  const gone: World = {
    ...quiet,
    distort: (id, minute, value) => (id === BROKEN && minute >= 200 && minute < 620 ? null : value),
  };
  const events = decide(create(), gone, 0, 700).filter((e) => e.episode.kind === "offline");
  expect(events.map((e) => [e.type, e.episode.confirmedAt !== null])).toEqual([
    ["raised", false],
    ["updated", true],
    ["resolved", true],
  ]);
});

test("many silent at once are one outage of the network", () => {
  const gone: World = {
    ...quiet,
    distort: (id, minute, value) => (id > "S-010" && minute >= 200 && minute < 400 ? null : value),
  };
  const offline = episodesOf(decide(create(), gone, 0, 500)).filter((e) => e.kind === "offline");
  expect(offline).toMatchObject([{ reason: "network-silent", status: "resolved" }]);
});

test("the clock's marks let a wholly silent network be noticed", () => {
  const detector = create();
  decide(detector, quiet, 0, 60);
  for (let minute = 60; minute < 120; minute++) detector.clock(quiet.startMs + minute * 60_000);
  const { episodes } = detector.take();
  expect(episodes).toMatchObject([{ type: "raised", episode: { kind: "offline", reason: "network-silent" } }]);
});

test("the clock's marks say nothing about readings that come hours late, from the first one on", () => {
  const detector = create();
  const late = [...readings(quiet, 0, 120)].map((reading) => ({
    ...reading,
    resultTime: quiet.startMs + 300 * 60_000,
  }));
  for (const [i, reading] of late.entries()) {
    detector.ingest(reading);
    if (i % 500 === 100) detector.clock(quiet.startMs + 301 * 60_000);
  }
  expect(detector.counters).toMatchObject({ readings: late.length, late: 0 });
});

test("a clock four minutes slow makes its station useless, and is told", () => {
  const detector = create();
  for (const reading of readings(quiet, 0, 240)) {
    const slow = reading.stationId === BROKEN ? reading.phenomenonTime - 240_000 : reading.phenomenonTime;
    detector.ingest({ ...reading, phenomenonTime: slow });
  }
  const { episodes, quality } = detector.take();
  expect(episodes.find((e) => e.episode.kind === "device-fault")?.episode).toMatchObject({
    reason: "clock-skew",
    stationIds: [BROKEN],
  });
  expect(quality.some((q) => q.kind === "quality" && q.tests.includes("late"))).toBe(true);
});

test("water sprayed at a station twice is a case of interference", () => {
  const detector = create();
  for (const reading of readings(quiet, 0, 400)) {
    detector.ingest(reading.stationId === BROKEN ? sprayed(reading, quiet.startMs) : reading);
  }
  const cases = episodesOf(detector.take().episodes).filter((e) => e.kind === "interference");
  expect(cases).toMatchObject([{ stationIds: [BROKEN], reason: "misting" }]);
});

/** Sprays of 20 minutes, four hours after the start and an hour later. */
function sprayed(reading: Reading, startMs: number): Reading {
  const minute = (reading.phenomenonTime - startMs) / 60_000;
  const on = (minute >= 240 && minute < 260) || (minute >= 300 && minute < 320);
  if (!on) return reading;
  const { pm25 = 0, pm10 = 0, relativeHumidity = 0 } = reading.results;
  const results = { ...reading.results, pm25: pm25 * 0.5, pm10: pm10 * 0.5, relativeHumidity: relativeHumidity + 18 };
  return { ...reading, results };
}
