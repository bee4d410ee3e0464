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
/** Ten past three in the afternoon, and two in the night, of the fourth day. */
const AFTERNOON = 3 * DAY + 190;
const NIGHT = 3 * DAY + 14 * 60;
const beside = stations[12]?.id ?? "";

type Added = (minute: number, id: string) => number;
const create = () => createDetector({ city: "330600", utcOffset: "+08:00", stations, rules, geography });
const worldWith = (added: Added): World => ({ ...quiet, distort: (id, minute, value) => value + added(minute, id) });

/** What three days of it teach. */
function taught(added: Added): Uint8Array {
  const detector = create();
  decide(detector, worldWith(added), 0, AFTERNOON - 60);
  return detector.snapshot();
}

/** Confirmed local episodes of the fourth day, after what was learned. */
function confirmed(learned: Uint8Array, added: Added) {
  const detector = create();
  detector.restore(learned);
  const events = decide(detector, worldWith(added), AFTERNOON - 60, NIGHT + 120);
  return events.filter(({ episode }) => episode.kind === "local" && episode.confirmedAt !== null);
}

/** So many µg/m³ in gusts for 35 minutes. */
function gusts(from: number, height: number) {
  const next = random(9);
  const minutes = Array.from({ length: 35 }, () => height * (0.75 + 0.5 * next()));
  return (minute: number) => minutes[minute - from] ?? 0;
}
const smoke = gusts(AFTERNOON, 25);
/** A kitchen that cooked at that time on the three days before. */
const daily = gusts(AFTERNOON, 14);
const kitchen = (minute: number) => (minute < AFTERNOON ? daily(3 * DAY + (minute % DAY)) : 0);
const here =
  (of: (minute: number) => number): Added =>
  (minute, id) =>
    id === beside ? of(minute) : 0;
const cooks = new Set(stations.filter((_, i) => i % 4 === 1).map(({ id }) => id));
const nothing = taught(() => 0);
const ownHabit = taught(here(kitchen));
const citysHabit = taught((minute, id) => (cooks.has(id) ? kitchen(minute) : 0));

test("what a station shows at this time of most days sends nobody, whatever the hour; elsewhere the same smoke does", () => {
  expect(confirmed(ownHabit, here(smoke))).toEqual([]);
  expect(confirmed(nothing, here(smoke)).length).toBeGreaterThan(0);
});

test("at night the station beside a kitchen is as alert as any", () => {
  expect(confirmed(ownHabit, here(gusts(NIGHT, 25))).length).toBeGreaterThan(0);
});

test("when the city cooks, a station whose own habits are not known yet is not believed about a little", () => {
  expect(cooks.has(beside)).toBe(false);
  expect(confirmed(citysHabit, here(smoke))).toEqual([]);
});

test("strong smoke is told while a kitchen cooks, too, and at once", () => {
  const [first] = confirmed(
    ownHabit,
    here((minute) => 6 * smoke(minute)),
  );
  const minutes = ((first?.episode.confirmedAt ?? 0) - quiet.startMs) / 60_000 - AFTERNOON;
  expect(first?.episode.reason).toBe("unmistakable");
  expect(minutes).toBeLessThanOrEqual(12);
});

test("trucks one after the other, three minutes each, send nobody", () => {
  const truck = (minute: number) => (minute >= NIGHT && minute < NIGHT + 45 && (minute - NIGHT) % 8 < 3 ? 90 : 0);
  expect(confirmed(nothing, here(truck))).toEqual([]);
});
