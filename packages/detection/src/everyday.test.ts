import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createDetector } from "./detector.ts";
import { parseRules } from "./rules/parse-rules.ts";
import { decide, geography, lattice, random, type World } from "./testing.ts";

const RULES = new URL("../../../seeds/shaoxing/rules.json", import.meta.url);
const rules = parseRules(JSON.parse(readFileSync(RULES, "utf8")));
const stations = lattice(5, 2000);
/** Noon in Shaoxing. */
const quiet: World = { seed: 4, stations, startMs: Date.UTC(2026, 10, 20, 4) };
const DAY = 1440;
const DINNER = 3 * DAY + 6 * 60 + 15;
const NIGHT = 3 * DAY + 14 * 60;
const beside = stations[12]?.id;

/** Confirmed local episodes of four days in which the middle station is disturbed. */
function confirmed(added: (minute: number) => number) {
  const distort = (id: string, minute: number, value: number) => value + (id === beside ? added(minute) : 0);
  const detector = createDetector({ city: "330600", utcOffset: "+08:00", stations, rules, geography });
  const events = decide(detector, { ...quiet, distort }, 0, NIGHT + 120);
  return events.filter(({ episode }) => episode.kind === "local" && episode.confirmedAt !== null);
}

/** 25 µg/m³ in gusts for 35 minutes. */
function faint(from: number) {
  const next = random(9);
  const gusts = Array.from({ length: 35 }, () => 25 * (0.75 + 0.5 * next()));
  return (minute: number) => gusts[minute - from] ?? 0;
}

test("a kitchen at dinner sends nobody; the same smoke at two in the morning does", () => {
  expect(confirmed(faint(DINNER))).toEqual([]);
  expect(confirmed(faint(NIGHT)).length).toBeGreaterThan(0);
});

test("strong smoke is told at dinner, too, and at once", () => {
  const [first] = confirmed((minute) => 6 * faint(DINNER)(minute));
  const minutes = ((first?.episode.confirmedAt ?? 0) - quiet.startMs) / 60_000 - DINNER;
  expect(first?.episode.reason).toBe("unmistakable");
  expect(minutes).toBeLessThanOrEqual(12);
});

test("trucks one after the other, three minutes each, send nobody", () => {
  const truck = (minute: number) => (minute >= NIGHT && minute < NIGHT + 45 && (minute - NIGHT) % 8 < 3 ? 90 : 0);
  expect(confirmed(truck)).toEqual([]);
});
