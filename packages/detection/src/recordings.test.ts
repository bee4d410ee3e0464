import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Episode, Reading, Results, Station, StationEvent } from "@hotgrid/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { createDetector } from "./detector.ts";
import { parseRules } from "./rules/parse-rules.ts";
import { episodesOf } from "./testing.ts";

/** Real recordings, which are not in this repository: UCI Beijing Multi-Site Air Quality (Zhang et al. 2017, CC BY 4.0)
 *  and the sensor.community archive around Aberdeen (ODbL). */
const FOLDER = new URL("../../../../shared/data/airquality/", import.meta.url);
const RULES = new URL("../../../seeds/shaoxing/rules.json", import.meta.url);
const rules = parseRules(JSON.parse(readFileSync(RULES, "utf8")));
const present = existsSync(FOLDER);
const rowsOf = (path: string): string[][] =>
  gunzipSync(readFileSync(new URL(path, FOLDER)))
    .toString()
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.replaceAll('"', "").split(","));

type Row = Pick<Reading, "stationId" | "phenomenonTime" | "resultTime" | "results">;
interface Decided {
  readonly episodes: Episode[];
  readonly quality: StationEvent[];
}

function decide(stations: readonly Station[], rows: readonly Row[], utcOffset: string, end: number): Decided {
  const geography = { locate: () => null, nameOf: (code: string) => code };
  const detector = createDetector({ city: "110100", utcOffset, stations, rules, geography });
  const sorted = [...rows].sort((a, b) => a.phenomenonTime - b.phenomenonTime);
  for (const row of sorted) detector.ingest(row);
  detector.advance(end);
  const { episodes, quality } = detector.take();
  return { episodes: episodesOf(episodes), quality };
}

/** WGS-84, approximate. */
const BEIJING: Record<string, [lon: number, lat: number]> = {
  Aotizhongxin: [116.397, 39.982],
  Changping: [116.234, 40.217],
  Dingling: [116.22, 40.292],
  Dongsi: [116.417, 39.929],
  Guanyuan: [116.339, 39.929],
  Gucheng: [116.184, 39.914],
  Huairou: [116.628, 40.328],
  Nongzhanguan: [116.461, 39.937],
  Shunyi: [116.655, 40.127],
  Tiantan: [116.407, 39.886],
  Wanliu: [116.287, 39.987],
  Wanshouxigong: [116.352, 39.878],
};
const GASES = ["pm25", "pm10", "so2", "no2", "co", "o3"] as const;
const COMPASS = "N NNE NE ENE E ESE SE SSE S SSW SW WSW W WNW NW NNW".split(" ");

/** All of it, once for all tests: three years in ten seconds. */
function beijing(): Decided {
  const rows: Row[] = [];
  for (const file of readdirSync(new URL("beijing/", FOLDER))) {
    const stationId = file.split(".")[0] ?? "";
    for (const cells of rowsOf(`beijing/${file}`)) {
      const [, year, month, day, hour, ...rest] = cells;
      const phenomenonTime = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour) - 8);
      rows.push({ stationId, phenomenonTime, resultTime: phenomenonTime + 1000, results: beijingResults(rest) });
    }
  }
  const stations = Object.entries(BEIJING).map(([id, [lon, lat]]): Station => {
    const properties = [...GASES, "relativeHumidity" as const, "windSpeed" as const, "windDirection" as const];
    return { id, name: id, kind: "reference", lon, lat, division: "110101001001", properties, intervalSeconds: 3600 };
  });
  return decide(stations, rows, "+08:00", Date.parse("2016-03-01T00:00:00+08:00"));
}

/** Saturation vapour pressure relative to 0 °C: Magnus' formula, Alduchov and Eskridge 1996. */
const vapour = (celsius: number): number => Math.exp((17.625 * celsius) / (243.04 + celsius));

function beijingResults(cells: readonly string[]): Results {
  const results: Results = {};
  for (const [i, property] of GASES.entries()) {
    const value = Number(cells[i]);
    // CO is recorded in µg/m³.
    if (!Number.isNaN(value)) results[property] = property === "co" ? value / 1000 : value;
  }
  const humidity = 100 * (vapour(Number(cells[8])) / vapour(Number(cells[6])));
  if (!Number.isNaN(humidity)) results.relativeHumidity = Math.min(100, humidity);
  const direction = COMPASS.indexOf(cells[10] ?? "");
  if (direction >= 0) {
    results.windSpeed = Number(cells[11]);
    results.windDirection = direction * 22.5;
  }
  return results;
}

function aberdeen(set: string): Decided {
  const places = new Map<string, { lat: number; lon: number }>();
  const rows: Row[] = [];
  const add = (location: string, utc: string, results: Results) => {
    const phenomenonTime = Date.parse(`${utc}Z`);
    rows.push({ stationId: `L${location}`, phenomenonTime, resultTime: phenomenonTime + 1000, results });
  };
  for (const [utc = "", , location = "", lat, lon, pm10, pm25] of rowsOf(`aberdeen/${set}-pm.csv.gz`)) {
    places.set(location, { lat: Number(lat), lon: Number(lon) });
    add(location, utc, { ...(pm10 ? { pm10: Number(pm10) } : {}), ...(pm25 ? { pm25: Number(pm25) } : {}) });
  }
  for (const [utc = "", , , location = "", , , , humidity] of rowsOf(`aberdeen/${set}-met.csv.gz`)) {
    if (places.has(location) && humidity) add(location, utc, { relativeHumidity: Number(humidity) });
  }
  const stations = [...places].map(([location, place]): Station => {
    const properties: Station["properties"] = ["pm25", "pm10", "relativeHumidity"];
    const id = `L${location}`;
    return { id, name: id, kind: "micro", ...place, division: "330602001001", properties, intervalSeconds: 150 };
  });
  return decide(stations, rows, "+00:00", Math.max(...rows.map((row) => row.phenomenonTime)));
}

const sent = (episodes: readonly Episode[]) => episodes.filter((e) => e.kind === "local" && e.confirmedAt !== null);
const covers = (episode: Episode, time: string) => {
  const at = Date.parse(time);
  return episode.startedAt <= at && (episode.endedAt ?? Number.POSITIVE_INFINITY) >= at;
};

/** Loading three years of twelve stations on a busy machine, ms. */
const PATIENCE_MS = 180_000;
const inDays = (episodes: readonly Episode[], from: string, to: string) =>
  episodes.filter((e) => e.startedAt >= Date.parse(from) && e.startedAt < Date.parse(to));

describe.skipIf(!present)("Beijing, 2013-03 to 2016-02 (skipped where ../shared/data/airquality is absent)", () => {
  let decided: Decided;
  beforeAll(() => {
    decided = beijing();
  }, PATIENCE_MS);
  const notices = () => decided.episodes.filter((e) => e.kind === "regional" && e.confirmedAt !== null);

  test.each([
    ["haze of January 2014", "2014-01-16T00:00:00+08:00"],
    ["haze of February 2014", "2014-02-24T12:00:00+08:00"],
    ["haze of January 2015", "2015-01-15T00:00:00+08:00"],
    ["fireworks of the Spring Festival 2014", "2014-01-31T01:00:00+08:00"],
    ["fireworks of the Spring Festival 2015", "2015-02-19T01:00:00+08:00"],
    ["dust of 15 April 2015", "2015-04-15T20:00:00+08:00"],
    ["red alert of December 2015", "2015-12-08T12:00:00+08:00"],
  ])("%s is one notice for the city, and no case of a station", (_what, time) => {
    expect(notices().filter((e) => covers(e, time))).toHaveLength(1);
    expect(sent(decided.episodes).filter((e) => covers(e, time))).toEqual([]);
  });

  test("hourly values send nobody to a village more than five times a year", () => {
    expect(sent(decided.episodes).length).toBeLessThanOrEqual(15);
    // A device alone is not believed, and humidity that rises from one hour to the next is the weather.
    for (const { evidence } of sent(decided.episodes)) expect(evidence?.notes).toContain("second-station-agrees");
    expect(decided.episodes.filter((e) => e.kind === "interference")).toEqual([]);
  });

  test("reference stations are maintained less than once a station and month", () => {
    const faults = decided.episodes.filter((e) => e.kind === "device-fault" && e.confirmedAt !== null);
    expect(faults.length).toBeLessThan(12 * 36);
    // Sound values of coarse resolution: January and February 2015 had 69 cases before devices' habits were learned.
    expect(inDays(faults, "2015-01-01T00:00:00+08:00", "2015-03-01T00:00:00+08:00").length).toBeLessThan(25);
  });
});

describe.skipIf(!present)("Aberdeen (skipped where ../shared/data/airquality is absent)", () => {
  test("5 November 2018: the evening's bonfires are seen, and single sensors' outliers are not pollution", () => {
    const { episodes, quality } = aberdeen("bonfire");
    const evening = sent(episodes).filter((e) => covers(e, "2018-11-05T19:45:00Z"));
    expect(evening.length).toBeGreaterThan(0);
    // 735 µg/m³ of a single sensor: the episode's peak is the middle of some minutes, and the value is suspect.
    for (const episode of evening) expect(episode.peak).toBeLessThan(735);
    const marks = quality.flatMap((q) => (q.kind === "quality" && q.stationId === "L3939" ? q.tests : []));
    expect(marks).toContain("range-suspect");
    expect(marks).toContain("spike");
    // 1,704 µg/m³ of PM10, fourteen times the PM2.5: coarser than any dust, so the device is looked at.
    const about = episodes.filter((e) => e.stationIds.includes("L4403") && e.confirmedAt !== null);
    expect(about.filter((e) => e.kind === "local")).toEqual([]);
    expect(about.some((e) => e.kind === "device-fault" && covers(e, "2018-11-07T14:20:00Z"))).toBe(true);
  });

  test("May 2019, 23 sensors: the smoke of two evenings is seen, an evening of coarse sparks is a device check", () => {
    const { episodes } = aberdeen("dense");
    const smoke = sent(episodes).filter((e) => e.stationIds.includes("L11407"));
    expect(smoke.some((e) => covers(e, "2019-05-15T19:30:00Z"))).toBe(true);
    expect(sent(episodes).filter((e) => e.stationIds.includes("L11610"))).toEqual([]);
    expect(episodes.some((e) => e.kind === "device-fault" && e.stationIds.includes("L11610"))).toBe(true);
  });
});
