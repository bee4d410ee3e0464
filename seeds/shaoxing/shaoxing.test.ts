import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { coversDivision, divisionLevel, parentDivision } from "@hotgrid/contracts";
import {
  type Area,
  COVERED_AHEAD_MS,
  chooseRoute,
  createDuty,
  createGrid,
  describeLocation,
  distanceMetres,
  dutySpans,
  receiverOnDuty,
  verifyCoverage,
} from "@hotgrid/grid";
import { readSeeds } from "@hotgrid/store";
import { expect, test } from "vitest";
import { seededRandom } from "./generator/seeded-random.ts";

const here = import.meta.dirname;
const seeds = await readSeeds(here);
const grid = createGrid({ city: seeds.city.code, divisions: seeds.divisions, areas: seeds.areas });
const at = Date.parse("2026-11-22T08:00:00+08:00");
const plan = { ...seeds, utcOffset: seeds.city.utcOffset };
const villages = seeds.divisions.filter(({ level }) => level === "village");

const ringsOf = (area: Area): number[][][] => (area.type === "Polygon" ? area.coordinates : area.coordinates.flat());
interface Outline {
  readonly code: string;
  readonly area: Area;
  readonly west: number;
  readonly east: number;
}
const outlines = villages.map(({ code }): Outline => {
  const area = seeds.areas.get(code);
  if (area === undefined) throw new Error(`${code} has no area`);
  const lons = ringsOf(area).flatMap((ring) => ring.map(([lon = 0]) => lon));
  return { code, area, west: Math.min(...lons), east: Math.max(...lons) };
});

/** Even-odd rule, written here so that the lookup is not judged by its own means. */
function holds(area: Area, lon: number, lat: number): boolean {
  let inside = false;
  for (const ring of ringsOf(area))
    for (const [index, [ax = 0, ay = 0]] of ring.entries()) {
      const [bx = ax, by = ay] = ring[index + 1] ?? [];
      if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) inside = !inside;
    }
  return inside;
}

test("the four levels are complete", () => {
  const count = Object.groupBy(seeds.divisions, ({ level }) => level);
  expect([count.city?.length, count.county?.length, count.town?.length, count.village?.length]).toEqual([
    1, 3, 53, 1218,
  ]);
  expect(seeds.city).toMatchObject({ code: "330600", name: "绍兴市", utcOffset: "+08:00" });
});

test("the prefix of every code is its parent", () => {
  for (const { code, parent, level } of seeds.divisions)
    expect([parentDivision(code), divisionLevel(code)]).toEqual([parent, level]);
});

test("every area says that it is approximate", () => {
  expect(seeds.areas.size).toBe(seeds.divisions.length);
  expect(seeds.divisions.filter(({ approximate }) => !approximate)).toEqual([]);
});

test("villages share every edge with one neighbour, or with the outline of the city", () => {
  const edges = new Map<string, number>();
  const key = (a: number[] = [], b: number[] = []): string => `${a.join()} ${b.join()}`;
  for (const { area } of outlines)
    for (const ring of ringsOf(area))
      for (let index = 1; index < ring.length; index++) {
        const edge = key(ring[index - 1], ring[index]);
        edges.set(edge, (edges.get(edge) ?? 0) + 1);
      }
  const outline = new Set<string>();
  for (const ring of ringsOf(seeds.areas.get("330600") ?? { type: "Polygon", coordinates: [] }))
    for (let index = 1; index < ring.length; index++) outline.add(key(ring[index - 1], ring[index]));
  expect(outline.size).toBeGreaterThan(100);
  for (const [edge, times] of edges) {
    const [from = "", to = ""] = edge.split(" ");
    const shared = edges.get(`${to} ${from}`) ?? 0;
    expect([edge, times, shared + (outline.has(edge) ? 1 : 0)]).toEqual([edge, 1, 1]);
  }
});

test("a point of the city lies in one village, in the areas of its parents, and the lookup says so", () => {
  const random = seededRandom(1);
  const city = seeds.areas.get("330600");
  let inside = 0;
  for (let drawn = 0; drawn < 4000; drawn++) {
    const [lon, lat] = [120.2 + random() * 0.95, 29.65 + random() * 0.65];
    const found = grid.locate(lon, lat);
    const holding = outlines.filter(({ area, west, east }) => west <= lon && lon <= east && holds(area, lon, lat));
    expect(holding.map(({ code }) => code)).toEqual(found === null ? [] : [found.village]);
    expect(city !== undefined && holds(city, lon, lat)).toBe(found !== null);
    if (found === null) continue;
    inside++;
    for (const code of [found.town, found.county]) {
      const area = seeds.areas.get(code);
      expect(area !== undefined && holds(area, lon, lat) && coversDivision(code, found.village)).toBe(true);
    }
  }
  expect(inside).toBeGreaterThan(1000);
});

test("every division's point lies in its own area", () => {
  for (const { code, lon, lat, level } of villages.concat(seeds.divisions.filter(({ level }) => level === "town"))) {
    const found = grid.locate(lon, lat);
    expect([code, level === "village" ? found?.village : found?.town]).toEqual([code, code]);
  }
});

test("300 stations: 150 in 越城, 90 in 柯桥, 60 in 上虞, one town station in every town", () => {
  const byCounty = Object.groupBy(seeds.stations, ({ id }) => id.slice(3, 9));
  expect(Object.entries(byCounty).map(([county, list]) => [county, list?.length])).toEqual([
    ["330602", 150],
    ["330603", 90],
    ["330604", 60],
  ]);
  const towns = seeds.stations.filter(({ kind }) => kind === "town").map(({ division }) => division.slice(0, 9));
  expect(new Set(towns).size).toBe(53);
  expect(towns).toHaveLength(53);
  const kinds = Object.groupBy(seeds.stations, ({ kind }) => kind);
  expect(kinds.micro?.length).toBeGreaterThan(150);
  for (const kind of ["dust-site", "dust-road", "park-boundary"] as const)
    expect(kinds[kind]?.length).toBeGreaterThan(10);
});

test("a station stands in the village and the county that it is registered in, 350 m or more from the next", () => {
  for (const station of seeds.stations) {
    const found = grid.locate(station.lon, station.lat);
    expect([station.id, found?.village, found?.county]).toEqual([station.id, station.division, station.id.slice(3, 9)]);
    const others = seeds.stations.filter(({ id }) => id !== station.id);
    expect(Math.min(...others.map((other) => distanceMetres(station, other)))).toBeGreaterThanOrEqual(350);
  }
});

test("every division has its officer, and towns and above a deputy, all with numbers that ring nowhere", () => {
  const count = (role: string): number => seeds.assignments.filter((one) => one.role === role).length;
  expect([count("primary"), count("deputy")]).toEqual([1275, 57]);
  expect(seeds.officers.filter(({ phone }) => !phone.startsWith("154"))).toEqual([]);
  const ids = new Set(seeds.officers.map(({ id }) => id));
  for (const { code } of seeds.divisions) expect(ids.has(`O-${code}`), code).toBe(true);
});

test("there is no hole in the coverage, and nothing to warn of", () => {
  const { holes, warnings, checked } = verifyCoverage(grid, seeds.stations, plan, {
    from: at,
    to: at + COVERED_AHEAD_MS,
  });
  expect({ holes, warnings }).toEqual({ holes: [], warnings: [] });
  expect(checked).toMatchObject({ divisions: 1275, stations: 300 });
});

test("before the first term everything is a hole", () => {
  const before = Date.parse("2025-12-31T23:59:59+08:00");
  expect(verifyCoverage(grid, [], plan, { from: before, to: before + 1 }).holes).toHaveLength(1275);
});

test("a fire beside 华舍 finds its village's officer", () => {
  const found = describeLocation(grid, { officers: seeds.officers, plan }, { lon: 120.49, lat: 30.11 }, at);
  expect(found).toMatchObject({ town: { name: "华舍街道" }, county: { name: "柯桥区" }, city: { name: "绍兴市" } });
  expect(found?.village.onDuty).toMatchObject({ officerId: `O-${found?.village.code}`, reason: "assignment-village" });
});

const duty = createDuty(plan);
const local = (time: string): number => Date.parse(`${time}:00+08:00`);

test.each<[string, string, string, string, string]>([
  ["a working day is the primary's", "330603", "2026-11-23T10:00", "O-330603", "assignment-county"],
  ["a Monday's night is the deputy's", "330603", "2026-11-23T20:00", "O-330603-D", "shift-county"],
  ["up to the next morning", "330603", "2026-11-24T08:29", "O-330603-D", "shift-county"],
  ["a Sunday is the deputy's", "330603", "2026-11-22T10:00", "O-330603-D", "shift-county"],
  ["a make-up Saturday is worked", "330603", "2026-10-10T10:00", "O-330603", "assignment-county"],
  ["a weekday of the National Day's holiday is not", "330603", "2026-10-06T10:00", "O-330603-D", "shift-county"],
  [
    "a village has its own officer at any hour",
    "330602001004",
    "2026-11-22T03:00",
    "O-330602001004",
    "assignment-village",
  ],
  ["a substitute", "330602001004", "2026-10-13T10:00", "O-330602001005", "assignment-village-substitute"],
])("%s", (_rule, code, time, officerId, reason) => {
  expect(duty.onDuty(grid.lineage(code), local(time))).toMatchObject({ officerId, reason });
});

test("2026 has 33 days of holiday and 6 make-up days, which are days of the weekend", () => {
  const days = (kind: string) => seeds.calendar.filter((day) => day.kind === kind).map(({ date }) => date);
  expect([days("holiday").length, days("workday").length]).toEqual([33, 6]);
  expect(days("workday").filter((date) => ![0, 6].includes(new Date(date).getUTCDay()))).toEqual([]);
});

test.each<[string, "local" | "device-fault" | "offline" | "interference", string, string]>([
  ["pollution goes to the village", "local", "pollution", "O-330602001017"],
  ["a broken device to the vendor", "device-fault", "devices", "M-330600"],
  ["a silent one, too", "offline", "devices", "M-330600"],
  ["interference to the county", "interference", "interference", "O-330602"],
])("%s", (_rule, kind, route, officerId) => {
  const place = { kind, observedProperties: ["pm25" as const], severity: "orange" as const, division: "330602001017" };
  const when = local("2026-11-23T10:00");
  const chosen = chooseRoute(seeds.routing, { ...place, at: when }, duty.calendar);
  expect(chosen.route).toBe(route);
  expect(receiverOnDuty(duty, grid.lineage(place.division), chosen.to, when)).toMatchObject({ officerId });
});

test("through 30 days somebody is on duty for every division at every moment", () => {
  const span = { from: at, to: at + COVERED_AHEAD_MS };
  for (const code of grid.divisions.keys())
    for (const { found } of dutySpans(duty, grid.lineage(code), span)) expect(found.officerId).not.toBeNull();
});

const facts = resolve(here, "../../../shared/data/shaoxing");
// The facts stand beside the repository; a clone without them skips this.
test.skipIf(!existsSync(facts))(
  "the generator makes these very files from ../shared/data/shaoxing",
  () => {
    const out = mkdtempSync(join(tmpdir(), "hotgrid-seeds-"));
    try {
      const args = [
        "--divisions",
        join(facts, "divisions.csv"),
        "--points",
        join(facts, "town-points.csv"),
        "--out",
        out,
      ];
      execFileSync(process.execPath, [join(here, "generate.ts"), ...args]);
      for (const name of [
        "city.json",
        "divisions.csv",
        "areas.geojson",
        "stations.csv",
        "officers.csv",
        "assignments.csv",
      ])
        expect(readFileSync(join(out, name), "utf8") === readFileSync(join(here, name), "utf8"), name).toBe(true);
    } finally {
      rmSync(out, { recursive: true });
    }
  },
  120_000,
);
