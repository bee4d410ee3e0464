import { RankingView, type Station } from "@hotgrid/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import type { TestBrowser } from "../testing-browser.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The four hours before now. */
const FROM = TEST_NOW - 4 * HOUR_MS;

let city: TestConsole;
let viewer: TestBrowser;
/** Two of one town, one of another. */
let clean: Station;
let sparse: Station;
let dirty: Station;

beforeAll(async () => {
  city = await startTestConsole();
  viewer = await city.loggedIn("viewer");
  const towns = [...Map.groupBy(city.stations.all(), ({ division }) => division.slice(0, 9)).values()];
  const [pair = [], other = []] = towns.filter((its) => its.length >= 2 && its.every(measuresPm25));
  [clean, sparse] = pair as [Station, Station];
  [dirty] = other as [Station];
  await city.readings.append([
    ...minutes(clean, 4, 60, 20.04),
    ...minutes(sparse, 2, 60, 500),
    ...minutes(dirty, 3, 46, 80),
    ...minutes(dirty, 4, 10, 900).filter(({ phenomenonTime }) => phenomenonTime >= FROM + 3 * HOUR_MS),
  ]);
});
afterAll(() => city.close());

const measuresPm25 = ({ properties, intervalSeconds }: Station) =>
  properties.includes("pm25") && intervalSeconds === 60;

const minutes = ({ id }: Station, hours: number, ofEach: number, pm25: number) =>
  Array.from({ length: hours * ofEach }, (_, i) => {
    const phenomenonTime = FROM + Math.floor(i / ofEach) * HOUR_MS + (i % ofEach) * MINUTE_MS;
    return { stationId: id, phenomenonTime, resultTime: phenomenonTime, results: { pm25 } };
  });

const ask = (query = "") => viewer.read(`/rankings?property=pm25&from=${FROM}${query}`, RankingView);
const stationOf = (view: RankingView, { id }: Station) => view.stations.find(({ stationId }) => stationId === id);
const townOf = (view: RankingView, { division }: Station) =>
  view.towns.find((town) => town.division === division.slice(0, 9));

test("stations and towns come by their mean over valid hours, the lowest first, with what was covered", async () => {
  const view = await ask();
  expect(view).toMatchObject({
    ...{ property: "pm25", unit: "µg/m³", interval: "1h", hours: 4 },
    ...{ from: "2026-11-22T04:00:00+08:00", to: "2026-11-22T08:00:00+08:00" },
  });
  expect(view.stations.slice(0, 2)).toMatchObject([
    { stationId: clean.id, rank: 1, mean: 20, coverage: 1, name: clean.name, division: clean.division },
    { stationId: dirty.id, rank: 2, mean: 80, coverage: 0.75 },
  ]);
  expect(stationOf(view, clean)?.divisionNames[0]).toBe("绍兴市");
});

test("too little measured is shown without a rank, and doesn't count in its town's mean", async () => {
  const view = await ask();
  expect(stationOf(view, sparse)).toMatchObject({ rank: null, mean: 500, coverage: 0.5 });
  expect(townOf(view, clean)).toMatchObject({ mean: 20, validStationCount: 1 });
  expect(view.stations.at(-1)).toMatchObject({ rank: null, mean: null, coverage: 0 });
});

test("a town is ranked where enough of its stations are valid", async () => {
  const { towns } = await ask();
  for (const { rank, validStationCount, stationCount } of towns) {
    const least = stationCount < 4 ? 0.5 : 0.75;
    expect(rank !== null).toBe(validStationCount / stationCount >= least);
  }
});

test("of a division: that and what is below it", async () => {
  const county = clean.division.slice(0, 6);
  const { stations } = await ask(`&division=${county}`);
  const expected = city.stations.all().filter(({ division }) => division.startsWith(county));
  expect(stations.map(({ stationId }) => stationId).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
});

test("unless told it is the 30 days up to this hour", async () => {
  const view = await viewer.read("/rankings?property=so2", RankingView);
  expect(view).toMatchObject({ hours: 720, from: "2026-10-23T08:00:00+08:00", to: "2026-11-22T08:00:00+08:00" });
  expect(view.stations.every(({ rank, mean }) => rank === null && mean === null)).toBe(true);
});

describe("a supervisor of a county", () => {
  test("sees the county, and another one does not exist for it", async () => {
    const supervisor = await city.loggedIn("supervisor-330602");
    const { stations } = await supervisor.read("/rankings?property=pm25", RankingView);
    expect(stations.length).toBeGreaterThan(0);
    expect(stations.every(({ division }) => division.startsWith("330602"))).toBe(true);
    for (const division of ["330603", "330600"])
      expect(await supervisor.refusal("GET", `/rankings?property=pm25&division=${division}`)).toMatchObject({
        status: 404,
      });
  });
});

test.each([
  ["no property", "from=0", "querystring.property"],
  ["what is no concentration", "property=windDirection", "querystring.property"],
  ["a span without a whole hour", `property=pm25&from=${TEST_NOW}&to=${TEST_NOW + HOUR_MS - 1}`, "querystring.from"],
  ["more than 93 days", `property=pm25&from=${TEST_NOW - 94 * 24 * HOUR_MS}`, "querystring.from"],
  ["another interval", "property=pm25&interval=1d", "querystring.interval"],
  ["what is no division", "property=pm25&division=33", "querystring.division"],
])("%s is refused with the field and the remedy", async (_what, query, field) => {
  const problem = await viewer.refusal("GET", `/rankings?${query}`);
  expect(problem).toMatchObject({ status: 422, field });
  expect(problem.detailZh).not.toBe("");
});
