import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createDetector } from "./detector.ts";
import { parseRules } from "./rules/parse-rules.ts";
import { decide, episodesOf, geography, lattice, placeOf, type World } from "./testing.ts";

const RULES = new URL("../../../seeds/shaoxing/rules.json", import.meta.url);
const rules = parseRules(JSON.parse(readFileSync(RULES, "utf8")));
const stations = lattice(8, 3000);
const create = () => createDetector({ city: "330600", utcOffset: "+08:00", stations, rules, geography });
const quiet: World = { seed: 2, stations, startMs: Date.UTC(2026, 10, 20, 4) };
const smooth = (x: number) => {
  const t = Math.min(1, Math.max(0, x));
  return t * t * (3 - 2 * t);
};

/** µg/m³ of a front that reaches each place after its way from the west at `speed` m/s. */
const front = (from: number, peak: number, riseMinutes: number, speed: number) => (minute: number, east: number) =>
  peak * smooth((minute - from - east / speed / 60) / riseMinutes);

test.each<[string, NonNullable<World["regional"]>]>([
  ["a front of 90 µg/m³ in two hours at 4 m/s", front(800, 90, 120, 4)],
  ["a fast front of 60 µg/m³ in an hour at 6 m/s", front(800, 60, 60, 6)],
  ["a one-sided front", (m, e, n) => front(800, 80, 120, 4)(m, e) / (1 + Math.exp((n - 10_000) / 3000))],
  ["fireworks everywhere at once", (m) => (m >= 800 && m < 860 ? 150 : 0)],
])("%s sends nobody", (_rule, regional) => {
  const episodes = episodesOf(decide(create(), { ...quiet, regional }, 0, 1100));
  expect(episodes.filter((e) => e.kind === "local" && e.confirmedAt !== null)).toEqual([]);
});

test("a haze is one notice for the city, which lasts as long as the haze", () => {
  const haze = (minute: number) => 80 * smooth((minute - 800) / 120) * smooth((1700 - minute) / 120);
  const episodes = episodesOf(decide(create(), { ...quiet, regional: haze }, 0, 2000));
  const notices = episodes.filter((e) => e.kind === "regional");
  expect(notices).toMatchObject([{ division: "330600", status: "resolved", severity: "yellow" }]);
  const hours = ((notices[0]?.endedAt ?? 0) - (notices[0]?.startedAt ?? 0)) / 3_600_000;
  expect(hours).toBeGreaterThan(10);
  expect(notices[0]?.explanation.zh).toContain("不逐站派单");
});

test("the daily cycle alone is no notice", () => {
  expect(decide(create(), quiet, 0, 2880).filter((e) => e.episode.kind === "regional")).toEqual([]);
});

test("a strong fire within a haze is still found", () => {
  const struck = placeOf(stations[27] ?? { lon: 0, lat: 0 });
  const fires = [{ east: struck.east + 450, north: struck.north - 450, from: 1000, to: 1060, rate: 18 }];
  const regional = front(700, 60, 120, 4);
  const episodes = episodesOf(decide(create(), { ...quiet, regional, fires }, 0, 1120));
  expect(episodes.some((e) => e.kind === "local" && e.confirmedAt !== null)).toBe(true);
});
