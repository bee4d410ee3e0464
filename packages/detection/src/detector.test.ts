import { readFileSync } from "node:fs";
import type { EpisodeEvent } from "@hotgrid/contracts";
import { EpisodeEvent as EpisodeEventSchema, StationEvent } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { createDetector, type Detector } from "./detector.ts";
import { parseRules } from "./rules/parse-rules.ts";
import { geography, lattice, placeOf, readings, type World } from "./testing.ts";

const RULES = new URL("../../../seeds/shaoxing/rules.json", import.meta.url);
const rules = parseRules(JSON.parse(readFileSync(RULES, "utf8")));
const START = Date.UTC(2026, 10, 20, 4);
const stations = lattice(8, 2000);
const detectorOf = (list = stations) =>
  createDetector({ city: "330600", utcOffset: "+08:00", stations: list, rules, geography });

function run(detector: Detector, world: World, from: number, to: number): EpisodeEvent[] {
  for (const reading of readings(world, from, to)) detector.ingest(reading);
  return detector.take().episodes;
}
const quiet: World = { seed: 7, stations, startMs: START };
/** A fire 900 m upwind of station S-027. */
const struck = stations[27];
if (!struck) throw new Error("the lattice has 64 stations");
const target = placeOf(struck);
const fire = { east: target.east + 640, north: target.north - 640, from: 12.5 * 60, to: 13.5 * 60, rate: 6 };

test("two quiet days after learning open no confirmed local episode", () => {
  const events = run(detectorOf(), quiet, 0, 60 * 60);
  expect(events.filter((e) => e.episode.kind === "local" && e.episode.confirmedAt !== null)).toEqual([]);
});

test("a straw fire after 12 hours of history is confirmed within a quarter of an hour of reaching a station", () => {
  const detector = detectorOf();
  const before = run(detector, { ...quiet, fires: [fire] }, 0, fire.from);
  expect(before.filter((e) => e.episode.confirmedAt !== null)).toEqual([]);
  const events = run(detector, { ...quiet, fires: [fire] }, fire.from, 16 * 60);
  const confirmed = events.find((e) => e.episode.kind === "local" && e.episode.confirmedAt !== null);
  const after = ((confirmed?.episode.confirmedAt ?? 0) - START) / 60_000 - fire.from;
  expect(after).toBeGreaterThan(5);
  // 900 m at 1.8 m/s take nine minutes.
  expect(after).toBeLessThan(9 + 15);
  expect(confirmed?.episode.source).not.toBeNull();
  const last = events.filter((e) => e.episode.id === confirmed?.episode.id).at(-1);
  expect(last).toMatchObject({ type: "resolved", episode: { status: "resolved", reason: "recovered" } });
  for (const event of events) EpisodeEventSchema.parse(event);
});

test("restart at any minute gives the same decisions and the same state", () => {
  const world = { ...quiet, fires: [fire] };
  const whole = detectorOf();
  const expected = run(whole, world, 0, 15 * 60);
  let split = detectorOf();
  const events: EpisodeEvent[] = [];
  for (let minute = 0; minute < 15 * 60; minute += 97) {
    events.push(...run(split, world, minute, Math.min(15 * 60, minute + 97)));
    const bytes = split.snapshot();
    split = detectorOf();
    expect(split.restore(bytes)).toEqual([]);
  }
  expect(JSON.stringify(events)).toBe(JSON.stringify(expected));
  expect(split.stateHash).toBe(whole.stateHash);
  expect(Buffer.from(split.snapshot()).equals(Buffer.from(whole.snapshot()))).toBe(true);
});

test("quality events follow their contract and come on changes only", () => {
  const detector = detectorOf();
  for (const reading of readings(quiet, 0, 120)) detector.ingest(reading);
  const { quality } = detector.take();
  for (const event of quality) StationEvent.parse(event);
  expect(quality.length).toBeGreaterThan(stations.length);
  expect(quality.length).toBeLessThan(stations.length * 3 * 4);
});
