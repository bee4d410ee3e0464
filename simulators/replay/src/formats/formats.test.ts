import { rename } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readRows } from "../read-rows.ts";
import { collect, rowsOf, withFiles } from "../testing.ts";
import { hotgridCsv } from "./hotgrid-csv.ts";
import { sensorCommunity } from "./sensor-community.ts";
import { uciBeijing } from "./uci-beijing.ts";

const BEIJING =
  '"No","year","month","day","hour","PM2.5","PM10","SO2","NO2","CO","O3","TEMP","PRES","DEWP","RAIN","wd","WSPM","station"';
const PARTICLES = "utc,sensor_id,location,lat,lon,pm10,pm25";
const CLIMATE = "utc,sensor_id,sensor_type,location,lat,lon,temperature,humidity,pressure";
const OURS = "stationId,phenomenonTime,pm25,co";

test("a Beijing row becomes a reading: local time, CO in mg/m³, compass to degrees, humidity from the dew point", async () => {
  const [row] = await rowsOf(
    `${BEIJING}\n1,2013,3,1,2,14,14,NA,7,200,22,10,1026.2,0,0,"NNW",1.5,"Shunyi"\n`,
    uciBeijing,
  );
  expect(row).toEqual({
    stationId: "Shunyi",
    time: Date.parse("2013-03-01T02:00:00+08:00"),
    results: {
      pm25: 14,
      pm10: 14,
      no2: 7,
      co: 0.2,
      o3: 22,
      temperature: 10,
      pressure: 1026.2,
      relativeHumidity: 49.8,
      windSpeed: 1.5,
      windDirection: 337.5,
    },
  });
});

const beijing = (change: Partial<Record<"month" | "day" | "pm25" | "station" | "wd", string>>) =>
  `1,2013,${change.month ?? 3},${change.day ?? 1},0,${change.pm25 ?? 5},6,3,8,300,44,-0.9,1025.8,-20.5,0,${change.wd ?? "N"},9.3,${change.station ?? "Shunyi"}`;

test.each([
  ["a station that is not of the set", uciBeijing, BEIJING, beijing({ station: "Hogwarts" }), "bad-station"],
  ["a 30 February", uciBeijing, BEIJING, beijing({ month: "2", day: "30" }), "bad-time"],
  ["letters for a number", uciBeijing, BEIJING, beijing({ pm25: "high" }), "bad-number"],
  ["a row cut short", uciBeijing, BEIJING, "1,2013,3,1,0,5", "wrong-columns"],
  [
    "nothing but NA",
    uciBeijing,
    BEIJING,
    '1,2013,3,1,0,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,"Shunyi"',
    "nothing-measured",
  ],
  ["a time without seconds", sensorCommunity, PARTICLES, "2018-11-03T00:00,1,7832,57.1,-2.1,9,2", "bad-time"],
  ["a latitude beyond the pole", sensorCommunity, PARTICLES, "2018-11-03T00:00:02,1,7832,157.1,-2.1,9,2", "bad-place"],
  ["a location that is no number", sensorCommunity, PARTICLES, "2018-11-03T00:00:02,1,#,57.1,-2.1,9,2", "bad-station"],
  ["a station id with a slash", hotgridCsv("+08:00"), OURS, "a/b,2026-01-01T00:00:00+08:00,1,", "bad-station"],
  ["a time without offset", hotgridCsv("+08:00"), OURS, "HG-1,2026-01-01T00:00:00,1,", "bad-time"],
  ["infinity", hotgridCsv("+08:00"), OURS, "HG-1,2026-01-01T00:00:00Z,Infinity,", "bad-number"],
])("%s is counted by its reason", async (_rule, format, header, row, problem) => {
  expect(await rowsOf(`${header}\n${row}\n`, format)).toEqual([problem]);
});

test("a sensor.community place is a station, whatever sensor reports; pressure comes in hPa", async () => {
  const time = Date.parse("2018-11-03T00:00:23Z");
  const place = { lon: -2.211, lat: 56.963 };
  expect(
    await rowsOf(`${PARTICLES}\n2018-11-03T00:00:23,15092,7647,56.963,-2.211,6.40,1.47\n`, sensorCommunity),
  ).toEqual([{ stationId: "SC-7647", time, place, results: { pm10: 6.4, pm25: 1.47 } }]);
  const climate = "2018-11-03T00:00:23,15093,BME280,7647,56.963,-2.211,8.09,85.61,101604.48";
  expect(await rowsOf(`${CLIMATE}\n${climate}\n`, sensorCommunity)).toEqual([
    { stationId: "SC-7647", time, place, results: { temperature: 8.09, relativeHumidity: 85.61, pressure: 1016.04 } },
  ]);
});

test("our own format keeps values as they are and takes an empty field as not measured", async () => {
  expect(await rowsOf(`${OURS}\nHG-1,2026-01-01T08:00:00+08:00,35.2,\n`, hotgridCsv("+08:00"))).toEqual([
    { stationId: "HG-1", time: Date.parse("2026-01-01T00:00:00Z"), results: { pm25: 35.2 } },
  ]);
});

test.each([
  ["a header of another format", uciBeijing, `${PARTICLES}\n`, /no year, month/],
  [
    "a column that is no property",
    hotgridCsv("+08:00"),
    "stationId,phenomenonTime,pm2.5\n",
    /pm2\.5 is no observed property; known are pm25/,
  ],
  ["an empty file", sensorCommunity, "", /empty/],
])("%s is refused with the file's name", async (_rule, format, text, message) => {
  await expect(rowsOf(text, format)).rejects.toThrow(message);
  await expect(rowsOf(text, format)).rejects.toThrow(/r\.csv/);
});

test("compressed files are read, and what is no gzip is said to be broken", async () => {
  await withFiles({ "r.txt": "not compressed" }, async (folder) => {
    await rename(join(folder, "r.txt"), join(folder, "r.csv.gz"));
    await expect(collect(readRows(join(folder, "r.csv.gz"), sensorCommunity))).rejects.toThrow(
      /r\.csv\.gz: incorrect header/,
    );
  });
  const text = `${OURS}\nHG-1,2026-01-01T08:00:00+08:00,35.2,\n`;
  expect(await rowsOf(text, hotgridCsv("+08:00"), "r.csv.gz")).toHaveLength(1);
});

test("whatever a file holds, each row is a reading or a reason", async () => {
  const field = fc.oneof(fc.string(), fc.constantFrom("HG-1", "NA", "", "2026-01-01T00:00:00Z", "1e999", '"', "35"));
  const rows = fc.array(fc.array(field, { maxLength: 5 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rows, async (cells) => {
      const text = `${OURS}\n${cells.map((row) => row.join(",")).join("\n")}\n`;
      for (const row of await rowsOf(text, hotgridCsv("+08:00"))) {
        if (typeof row === "string") continue;
        for (const value of Object.values(row.results)) expect(Number.isFinite(value)).toBe(true);
        expect(Number.isInteger(row.time)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});
