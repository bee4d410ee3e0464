import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Episode, Reading, Results, Station, StationEvent } from "@hotgrid/contracts";
import { describe, expect, test } from "vitest";
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

function beijing(from: string, to: string): Decided {
  const start = Date.parse(`${from}T00:00:00+08:00`);
  const end = Date.parse(`${to}T00:00:00+08:00`);
  const rows: Row[] = [];
  for (const file of readdirSync(new URL("beijing/", FOLDER))) {
    const stationId = file.split(".")[0] ?? "";
    for (const cells of rowsOf(`beijing/${file}`)) {
      const [, year, month, day, hour, ...rest] = cells;
      const phenomenonTime = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour) - 8);
      if (phenomenonTime < start || phenomenonTime >= end) continue;
      rows.push({ stationId, phenomenonTime, resultTime: phenomenonTime + 1000, results: beijingResults(rest) });
    }
  }
  const stations = Object.entries(BEIJING).map(([id, [lon, lat]]): Station => {
    const properties = [...GASES, "relativeHumidity" as const, "windSpeed" as const, "windDirection" as const];
    return { id, name: id, kind: "reference", lon, lat, division: "110101001001", properties, intervalSeconds: 3600 };
  });
  return decide(stations, rows, "+08:00", end);
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

describe.skipIf(!present)("recordings (skipped where ../shared/data/airquality is absent)", () => {
  test("Beijing, January and February 2015: haze days are notices for the city, and open no case per station", () => {
    const { episodes } = beijing("2014-12-20", "2015-03-01");
    const notices = episodes.filter((e) => e.kind === "regional");
    for (const day of ["2015-01-15T00:00:00+08:00", "2015-01-23T12:00:00+08:00", "2015-02-14T12:00:00+08:00"]) {
      expect(
        notices.some((notice) => covers(notice, day)),
        day,
      ).toBe(true);
    }
    // Humidity that rises from one hour to the next is the weather, not somebody with a hose.
    expect(episodes.filter((e) => e.kind === "interference")).toEqual([]);
    // Twelve stations in ten weeks: at most one case a month in all.
    expect(sent(episodes).length).toBeLessThanOrEqual(2);
  });

  test("Beijing, the Spring Festival night of 2015: fireworks everywhere are one notice", () => {
    const { episodes } = beijing("2015-02-01", "2015-02-21");
    const night = "2015-02-19T01:00:00+08:00";
    expect(episodes.filter((e) => e.kind === "regional" && covers(e, night))).toHaveLength(1);
    expect(sent(episodes).filter((e) => covers(e, night))).toEqual([]);
  });

  test("Aberdeen, 5 November 2018: the evening's bonfires are seen, and its outliers are marked", () => {
    const { episodes, quality } = aberdeen("bonfire");
    const evening = sent(episodes).filter((e) => covers(e, "2018-11-05T19:45:00Z"));
    expect(evening.length).toBeGreaterThan(0);
    // 735 µg/m³ of a single sensor: the episode's peak is the middle of five minutes, and the value is suspect.
    for (const episode of evening) expect(episode.peak).toBeLessThan(735);
    const marks = quality.flatMap((q) => (q.kind === "quality" && q.stationId === "L3939" ? q.tests : []));
    expect(marks).toContain("range-suspect");
    expect(marks).toContain("spike");
  });
});
