import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { findFiles } from "./find-files.ts";
import { hotgridCsv } from "./formats/hotgrid-csv.ts";
import { sensorCommunity } from "./formats/sensor-community.ts";
import { uciBeijing } from "./formats/uci-beijing.ts";
import { merged } from "./merge.ts";
import { stepsOf } from "./steps.ts";
import { survey } from "./survey.ts";
import { ALWAYS, collect, withFiles } from "./testing.ts";

const HEADER = "stationId,phenomenonTime,pm25,temperature";
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const file = (...rows: [string, number, string][]) =>
  `${HEADER}\n${rows.map(([id, minute, values]) => `${id},${at(minute)},${values}`).join("\n")}\n`;
const format = hotgridCsv("+08:00");

async function stepsIn(files: Record<string, string>) {
  return withFiles(files, async (folder) => {
    const found = await survey(await findFiles(folder), format, ALWAYS);
    const ids = found.stations.map(({ id }) => id);
    const steps = await collect(stepsOf(merged(found.files, format, ALWAYS), ids, "+08:00"));
    return steps.map(({ until, readings }) => ({
      until: new Date(until).toISOString(),
      readings: readings.map(({ station, json }) => `${ids[station]} ${json}`),
    }));
  });
}

test("files are merged by time into steps no longer than the allowed lateness, silent hours left out", async () => {
  const steps = await stepsIn({
    "a.csv": file(["A", 0, "1,"], ["A", 1, "2,"], ["A", 61, "3,"]),
    "b.csv.gz": file(["B", 1, "4,"], ["B", 60, "5,"]),
  });
  expect(steps).toEqual([
    {
      until: "2026-01-01T00:02:00.000Z",
      readings: [
        'A {"phenomenonTime":"2026-01-01T08:00:00+08:00","results":{"pm25":1}}',
        'A {"phenomenonTime":"2026-01-01T08:01:00+08:00","results":{"pm25":2}}',
        'B {"phenomenonTime":"2026-01-01T08:01:00+08:00","results":{"pm25":4}}',
      ],
    },
    {
      until: "2026-01-01T01:02:00.000Z",
      readings: [
        'B {"phenomenonTime":"2026-01-01T09:00:00+08:00","results":{"pm25":5}}',
        'A {"phenomenonTime":"2026-01-01T09:01:00+08:00","results":{"pm25":3}}',
      ],
    },
  ]);
});

test("a file sorted by station is played in order of time all the same", async () => {
  const steps = await stepsIn({ "a.csv": file(["A", 0, "1,"], ["A", 30, "2,"], ["B", 0, "3,"], ["B", 30, "4,"]) });
  expect(steps.map(({ readings }) => readings.map((reading) => reading[0]).join(""))).toEqual(["AB", "AB"]);
});

test("sensors of one station and moment make one reading, an exact repetition stays a second one", async () => {
  const steps = await stepsIn({ "a.csv": file(["A", 0, "1,"], ["A", 0, ",20"], ["A", 0, "1,"]) });
  expect(steps[0]?.readings).toEqual([
    'A {"phenomenonTime":"2026-01-01T08:00:00+08:00","results":{"pm25":1,"temperature":20}}',
    'A {"phenomenonTime":"2026-01-01T08:00:00+08:00","results":{"pm25":1}}',
  ]);
});

test("the survey counts rows, finds stations, interval and period", async () => {
  const text = `${file(["A", 0, "1,"], ["A", 5, "2,3"], ["A", 10, "x,"], ["A", 10, ","], ["A", 15, "1,"])}A,never,1,\n`;
  const found = await withFiles({ "a.csv": text }, async (folder) => survey(await findFiles(folder), format, ALWAYS));
  expect(found).toMatchObject({
    stations: [{ id: "A", place: null, properties: ["pm25", "temperature"], readings: 3 }],
    readings: 3,
    problems: { "bad-number": 1, "nothing-measured": 1, "bad-time": 1 },
    first: Date.parse(at(0)),
    last: Date.parse(at(15)),
    intervalSeconds: 600,
  });
});

test("a period leaves out what lies before and after it", async () => {
  const period = { from: Date.parse(at(1)), to: Date.parse(at(2)) };
  const text = file(["A", 0, "1,"], ["A", 1, "2,"], ["A", 2, "3,"]);
  const found = await withFiles({ "a.csv": text }, async (folder) => survey(await findFiles(folder), format, period));
  expect(found.readings).toBe(1);
});

test("a recording is a file, a folder, or the beginning of names; nothing found says so", async () => {
  await withFiles({ "x-pm.csv": HEADER, "x-met.csv.gz": HEADER, "y.csv": HEADER, "note.txt": "" }, async (folder) => {
    const names = async (path: string) =>
      (await findFiles(join(folder, path))).map((name) => name.slice(folder.length + 1));
    expect(await names(".")).toEqual(["x-met.csv.gz", "x-pm.csv", "y.csv"]);
    expect(await names("x")).toEqual(["x-met.csv.gz", "x-pm.csv"]);
    expect(await names("y.csv")).toEqual(["y.csv"]);
    await expect(names("z")).rejects.toThrow(/no \.csv/);
    await expect(names("nowhere/z")).rejects.toThrow(/no such file/);
  });
});

test("a recording without a reading says why its rows give none", async () => {
  const empty = withFiles({ "a.csv": file(["A", 0, "x,"]) }, async (folder) =>
    survey(await findFiles(folder), format, ALWAYS),
  );
  await expect(empty).rejects.toThrow(/no readings.*bad-number":1/);
});

const DATA = resolve(import.meta.dirname, "../../../../shared/data/airquality");
const real = test.skipIf(!existsSync(DATA));

real("Beijing's twelve stations are read whole (skipped where the shared data is absent)", async () => {
  const january = { from: Date.parse("2015-01-01T00:00:00+08:00"), to: Date.parse("2015-02-01T00:00:00+08:00") };
  const found = await survey(await findFiles(join(DATA, "beijing")), uciBeijing, january);
  expect(found.stations).toHaveLength(12);
  expect(found.readings).toBe(12 * 31 * 24);
  expect(found.intervalSeconds).toBe(3600);
  expect(found.problems).toEqual({});
});

real("Aberdeen's bonfire night is read whole (skipped where the shared data is absent)", async () => {
  const found = await survey(await findFiles(join(DATA, "aberdeen/bonfire")), sensorCommunity, ALWAYS);
  expect(found.readings).toBe(19_913 + 22_793);
  expect(found.problems).toEqual({});
  expect(found.stations.filter(({ properties }) => properties.includes("pm25"))).toHaveLength(7);
  expect(found.intervalSeconds).toBeGreaterThan(120);
  expect(found.intervalSeconds).toBeLessThan(180);
});
