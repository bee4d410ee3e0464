import { distanceMetres } from "@hotgrid/grid";
import { readSeeds } from "@hotgrid/store";
import { expect, test } from "vitest";
import { SEEDS_DIR } from "../testing.ts";
import type { SourceTruth, StationTruth, Truth } from "../truth.ts";
import { dayInterval } from "./bootstrap.ts";
import { judgeDevices, judgeFaults } from "./judge-devices.ts";
import { judgeEstimates, judgeLocal, judgeSources } from "./judge-local.ts";
import { gridOf } from "./run-scenario.ts";
import { type Judged, strengthOf } from "./truth-index.ts";

const START = Date.parse("2026-11-20T18:00:00+08:00");
const END = START + 12 * 3_600_000;
const iso = (minute: number) => new Date(START + minute * 60_000).toISOString();

/** Station A gains `level` µg/m³ for `minutes` from minute 60 on. */
const smoke = (level: number, minutes: number): StationTruth => ({
  stationId: "A",
  observedProperty: "pm25",
  peak: level,
  firstAt20: level >= 20 ? iso(60) : null,
  minutesAbove: { 20: level >= 20 ? minutes : 0, 40: level >= 40 ? minutes : 0, 80: level >= 80 ? minutes : 0 },
  from: iso(60),
  increments: Array(minutes).fill(level),
});
const source = (...stations: StationTruth[]): SourceTruth => ({
  ...{ id: "s1", lon: 120.5154, lat: 30.1111, from: iso(50), to: iso(110), emission: { pm25: 5 } },
  stations,
});
const truthWith = (change: Partial<Truth>): Truth => ({
  ...{ scenario: "t", seed: 1, from: iso(0), to: iso(720) },
  ...{ sources: [], regional: [], faults: [], interference: [], nuisance: [] },
  ...change,
});
const local = (from: number, to: number | null, change: Partial<Judged> = {}): Judged => ({
  kind: "local",
  stationIds: ["A"],
  startedAt: START + from * 60_000,
  confirmedAt: START + (from + 10) * 60_000,
  endedAt: to === null ? null : START + to * 60_000,
  source: null,
  ...change,
});

test.each<[string, Truth, Judged, string | null]>([
  ["smoke at the station makes it right", truthWith({ sources: [source(smoke(30, 30))] }), local(62, 100), null],
  ["smoke that came just before it does, too", truthWith({ sources: [source(smoke(30, 30))] }), local(98, 130), null],
  ["smoke of hours ago does not", truthWith({ sources: [source(smoke(30, 30))] }), local(300, 330), "nothing"],
  ["smoke too thin to matter does not", truthWith({ sources: [source(smoke(8, 30))] }), local(62, 100), "nothing"],
  [
    "smoke at another station does not",
    truthWith({ sources: [source({ ...smoke(30, 30), stationId: "B" })] }),
    local(62, 100),
    "nothing",
  ],
  [
    "a fault of the device is named as the cause",
    truthWith({ faults: [{ station: "A", kind: "noise", from: iso(0), to: iso(90) }] }),
    local(62, 100),
    "fault",
  ],
  [
    "haze is named as the cause",
    truthWith({ regional: [{ property: "pm25", peak: 90, riseHours: 1, from: iso(0), to: iso(90) }] }),
    local(62, 100),
    "regional",
  ],
])("%s", (_rule, truth, episode, cause) => {
  expect(judgeLocal(truth, [episode], END).map((verdict) => verdict.cause)).toEqual([cause]);
});

test("what nobody was paged for is neither right nor wrong", () => {
  expect(judgeLocal(truthWith({}), [local(62, 100, { confirmedAt: null })], END)).toEqual([]);
});

test.each<[string, StationTruth[], string | null]>([
  ["20 minutes of 80 are the strongest", [smoke(80, 20)], "≥ 80 µg/m³, 20 min"],
  ["19 minutes of 80 are one class less", [smoke(80, 19)], "≥ 40 µg/m³, 15 min"],
  ["10 minutes of 20 are the weakest", [smoke(20, 10)], "≥ 20 µg/m³, 10 min"],
  ["9 minutes of 20 can't be asked for", [smoke(20, 9)], null],
  ["minutes of two stations don't add up", [smoke(20, 9), { ...smoke(20, 9), stationId: "B" }], null],
])("%s", (_rule, stations, name) => {
  expect(strengthOf(source(...stations))?.name ?? null).toBe(name);
});

test("a source is found by its first confirmed episode, and the delay counts from its first 20 µg/m³", () => {
  const truth = truthWith({ sources: [source(smoke(90, 40))] });
  const episodes = [local(75, 80), local(65, 100)];
  const [verdict] = judgeSources(truth, judgeLocal(truth, episodes, END), episodes, END);
  expect(verdict).toMatchObject({ found: true, delayMinutes: 15, maintained: false });
});

test("a device ticket for a sound station that saw smoke is pollution taken for maintenance", () => {
  const truth = truthWith({ sources: [source(smoke(90, 40))] });
  const device = local(65, 100, { kind: "device-fault" });
  expect(judgeSources(truth, [], [device], END)[0]).toMatchObject({ found: false, maintained: true });
  const sick = truthWith({ ...truth, faults: [{ station: "A", kind: "noise", from: iso(0), to: iso(90) }] });
  expect(judgeSources(sick, [], [device], END)[0]).toMatchObject({ maintained: false });
});

test("a fault is found by a device or offline episode of its station, and not by a local one", () => {
  const fault = { station: "A", kind: "stuck-high" as const, from: iso(60), to: iso(300) };
  const truth = truthWith({ faults: [fault, { ...fault, station: "B" }] });
  const judge = (...episodes: Judged[]) =>
    judgeFaults(truth, episodes, judgeLocal(truth, episodes, END), END).map(({ found, polluted }) => [found, polluted]);
  expect(judge(local(100, 200, { kind: "device-fault" }))).toEqual([
    [true, false],
    [false, false],
  ]);
  expect(judge(local(100, 200, { kind: "offline", stationIds: ["B"] }))).toEqual([
    [false, false],
    [true, false],
  ]);
  expect(judge(local(100, 200))).toEqual([
    [false, true],
    [false, false],
  ]);
  expect(judge(local(500, 600, { kind: "device-fault" }))).toEqual([
    [false, false],
    [false, false],
  ]);
});

test("a device ticket for a station without a fault is wrong, and one that nobody was sent for is not judged", () => {
  const truth = truthWith({ faults: [{ station: "A", kind: "noise", from: iso(60), to: iso(300) }] });
  const device = (change: Partial<Judged>) => local(100, 200, { kind: "device-fault", ...change });
  const verdicts = judgeDevices(truth, [device({}), device({ stationIds: ["B"] }), device({ confirmedAt: null })], END);
  expect(verdicts.map(({ right }) => right)).toEqual([true, false]);
});

test("an estimate is judged by its distance and by the place of the right town among those named", async () => {
  const grid = gridOf(await readSeeds(SEEDS_DIR));
  const truth = truthWith({ sources: [source(smoke(90, 40))] });
  const place = grid.locate(truth.sources[0]?.lon ?? 0, truth.sources[0]?.lat ?? 0);
  const divisions = [
    { code: "330603005", probability: 0.5 },
    { code: place?.town ?? "", probability: 0.4 },
    { code: place?.village ?? "", probability: 0.3 },
  ];
  const estimate = { lon: 120.5154, lat: 30.1201, radius50Metres: 500, radius90Metres: 1200, divisions };
  const [verdict] = judgeEstimates(judgeLocal(truth, [local(65, 100, { source: estimate })], END), grid);
  expect(verdict).toMatchObject({ townRank: 1, villageRank: 0, within50: false, within90: true });
  const village = grid.divisions.get(place?.village ?? "");
  const [truly] = truth.sources;
  if (!village || !truly) throw new Error("the source lies in no village");
  expect(verdict?.askedMetres).toBeCloseTo(distanceMetres(village, truly), 6);
  expect(verdict?.metres).toBeCloseTo(1000, -1.5);
});

test("an interval narrows with the days it is drawn from, and one day has none", () => {
  const share = (days: readonly number[]) => days.reduce((sum, day) => sum + day, 0) / days.length;
  const width = (days: number[]) => {
    const [low = 0, high = 0] = dayInterval(days, share) ?? [];
    return high - low;
  };
  const days = (count: number) => Array.from({ length: count }, (_, i) => i % 2);
  expect(width(days(100))).toBeLessThan(width(days(10)));
  expect(width(days(10))).toBeGreaterThan(0.2);
  expect(dayInterval([1], share)).toBeNull();
});
