import { readFileSync } from "node:fs";
import { EpisodeEvent, StationEvent } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { createDetector } from "./detector.ts";
import { parseRules } from "./rules/parse-rules.ts";
import { decide, episodesOf, geography, lattice, placeOf, random, readings, type World } from "./testing.ts";

const RULES = new URL("../../../seeds/shaoxing/rules.json", import.meta.url);
const rules = parseRules(JSON.parse(readFileSync(RULES, "utf8")));
const START = Date.UTC(2026, 10, 20, 4);
const stations = lattice(8, 2000);
const create = (list = stations) =>
  createDetector({ city: "330600", utcOffset: "+08:00", stations: list, rules, geography });
const quiet: World = { seed: 7, stations, startMs: START };
const at = (i: number) => {
  const station = stations[i];
  if (!station) throw new RangeError(`the lattice has no station ${i}`);
  return { id: station.id, ...placeOf(station) };
};
/** A fire 900 m upwind of station 27, half an hour after twelve hours of history. */
const LIT = 12.5 * 60;
const fire = { east: at(27).east + 640, north: at(27).north - 640, from: LIT, to: LIT + 60, rate: 6 };
/** Half a day of quiet air teaches all of them. */
const learned = (() => {
  const detector = create();
  decide(detector, quiet, 0, LIT);
  return detector.snapshot();
})();
/** What a detector that has learned decides from minute LIT on. */
function decideAfter(world: World, to: number): EpisodeEvent[] {
  const detector = create();
  detector.restore(learned);
  return decide(detector, world, LIT, to);
}
const isConfirmed = (event: EpisodeEvent) => event.episode.kind === "local" && event.episode.confirmedAt !== null;

test("a quiet day after learning opens no confirmed local episode", () => {
  expect(decideAfter(quiet, LIT + 24 * 60).filter(isConfirmed)).toEqual([]);
});

test("a straw fire after 12 hours of history is confirmed within a quarter of an hour of reaching a station", () => {
  const world = { ...quiet, fires: [fire] };
  const events = decideAfter(world, LIT + 210);
  for (const event of events) EpisodeEvent.parse(event);
  const confirmed = events.find(isConfirmed)?.episode;
  const after = ((confirmed?.confirmedAt ?? 0) - START) / 60_000 - LIT;
  expect(after).toBeGreaterThan(5);
  // 900 m at 1.8 m/s take nine minutes.
  expect(after).toBeLessThan(9 + 15);
  expect(confirmed).toMatchObject({ ruleVersion: rules.version, severity: expect.stringMatching(/yellow|orange/) });
  expect(confirmed?.evidence).toMatchObject({ stationId: at(27).id, wind: { direction: expect.any(Number) } });
  const sent = [...readings(world, LIT, LIT + 210)].filter(({ stationId }) => stationId === at(27).id);
  // Named exactly, so that one id follows a reading to its ticket.
  const { phenomenonTime: deciding = 0, at: minute = 0 } = confirmed?.evidence ?? {};
  expect(sent.map(({ phenomenonTime }) => phenomenonTime)).toContain(deciding);
  expect(Math.floor(deciding / 60_000) * 60_000).toBe(minute);
  const last = events.filter((e) => e.episode.id === confirmed?.id).at(-1);
  expect(last).toMatchObject({ type: "resolved", episode: { status: "resolved", reason: "recovered" } });
});

test("the source is found within the spacing of the stations, upwind of the one that was hit", () => {
  const events = decideAfter({ ...quiet, fires: [fire] }, LIT + 60);
  const source = events.findLast((event) => event.episode.source !== null)?.episode.source;
  if (!source) throw new Error("no estimate");
  const found = placeOf(source);
  expect(Math.hypot(found.east - fire.east, found.north - fire.north)).toBeLessThan(600);
  expect(source.radius90Metres).toBeGreaterThanOrEqual(source.radius50Metres);
  const total = source.divisions.filter(({ code }) => code.length === 9).reduce((sum, d) => sum + d.probability, 0);
  expect(total).toBeLessThanOrEqual(1.001);
});

test("in calm air or where the wind turns about nobody is accused: the station's village is asked, and told why", () => {
  const near = { ...fire, east: at(27).east + 200, north: at(27).north - 200, rate: 3 };
  const told = (world: World, direction?: () => number) => {
    const detector = create();
    for (const reading of readings(world, 0, LIT + 60)) {
      const results = { ...reading.results, ...(direction && { windDirection: direction() }) };
      detector.ingest({ ...reading, results });
    }
    return detector
      .take()
      .episodes.filter(isConfirmed)
      .map((event) => event.episode);
  };
  const next = random(5);
  for (const episodes of [
    told({ ...quiet, fires: [near], windSpeed: 0.6 }),
    told({ ...quiet, fires: [near] }, () => Math.floor(360 * next())),
  ]) {
    expect(episodes.length).toBeGreaterThan(0);
    for (const { source, division, stationIds, explanation } of episodes) {
      expect(source).toBeNull();
      expect(division).toBe(stations.find(({ id }) => id === stationIds[0])?.division);
      expect(explanation.zh).toMatch(/看不出从哪来，请先查看\S+/);
    }
  }
});

test("while it burns the place only gets sharper, and after half an hour it stays", () => {
  const long = { ...fire, to: LIT + 150 };
  const events = decideAfter({ ...quiet, fires: [long] }, LIT + 150).filter(isConfirmed);
  const sources = events.flatMap(({ at: time, episode }) => (episode.source ? [{ time, ...episode.source }] : []));
  const places = [...Map.groupBy(sources, ({ lon, lat }) => `${lon} ${lat}`).values()].flatMap(
    ([first]) => first ?? [],
  );
  expect(places.length).toBeGreaterThan(0);
  expect(places.length).toBeLessThanOrEqual(4);
  for (const [i, place] of places.entries()) {
    expect(place.radius90Metres).toBeLessThanOrEqual(places[i - 1]?.radius90Metres ?? Number.POSITIVE_INFINITY);
    expect(place.time - (events[0]?.episode.confirmedAt ?? 0)).toBeLessThanOrEqual(36 * 60_000);
  }
});

test("revisions count from 1, and updates don't flood", () => {
  const events = decideAfter({ ...quiet, fires: [fire] }, LIT + 210);
  for (const episode of episodesOf(events)) {
    const own = events.filter((event) => event.episode.id === episode.id);
    expect(own.map((event) => event.revision)).toEqual(own.map((_, i) => i + 1));
    expect(own[0]?.type).toBe("raised");
    expect(own.length).toBeLessThan(12);
  }
});

test("the officer reads how much, how long, against whom, the wind and where to look", () => {
  const events = decideAfter({ ...quiet, fires: [fire] }, LIT + 60);
  const [first, located] = events.filter(isConfirmed).map(({ episode }) => episode.explanation);
  expect(first?.zh).toMatch(/；东南风 \d\.\d m\/s；正在推算来源，请先查看上风向（监测站东南方）的\S+一带；.*已确认。$/);
  const { zh, en } = located ?? { zh: "", en: "" };
  expect(zh).toMatch(
    /PM2\.5 比周边8个站最多高 \d+ µg\/m³，已持续 \d+ 分钟；.*东南风 \d\.\d m\/s；.*可能来自\S+一带.*；先看标出地点周围 \d+ 米；.*已确认。$/,
  );
  expect(en).toMatch(/PM2\.5 up to \d+ µg\/m³ above the 8 stations around, for \d+ min; .*wind from the south-east/);
});

test("a truck that passes for three minutes opens nothing, however dirty", () => {
  const distort = (id: string, minute: number, value: number) =>
    id === at(20).id && minute >= LIT && minute < LIT + 3 ? value + 300 : value;
  expect(decideAfter({ ...quiet, distort }, LIT + 60).filter((e) => e.episode.kind === "local")).toEqual([]);
});

test("in the first twelve hours episodes stay provisional", () => {
  const early = { ...fire, from: 300, to: 360 };
  const events = decide(create(), { ...quiet, fires: [early] }, 0, 480);
  expect(events.some((event) => event.episode.kind === "local")).toBe(true);
  expect(events.filter(isConfirmed)).toEqual([]);
});

test("what comes back within the hour continues the episode", () => {
  const again = { ...fire, from: LIT + 100, to: LIT + 150 };
  const events = decideAfter({ ...quiet, fires: [fire, again] }, LIT + 200);
  const confirmed = episodesOf(events).filter((e) => e.kind === "local" && e.confirmedAt !== null);
  expect(confirmed).toHaveLength(1);
  expect(events.some((event) => event.type === "updated" && event.episode.reason === "recurrence")).toBe(true);
});

test("quality events follow their contract and come on changes only", () => {
  const detector = create();
  decide(detector, quiet, 0, 1);
  detector.take();
  let told = 0;
  for (let minute = 1; minute < 120; minute++) {
    decide(detector, quiet, minute, minute + 1);
  }
  const { quality } = detector.take();
  for (const event of quality) StationEvent.parse(event);
  told = quality.length;
  expect(told).toBeLessThan(stations.length * 3 * 2);
});
