import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { areasFile } from "@hotgrid/grid";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSeeds } from "./read-seeds.ts";
import { SeedError, type SeedProblem } from "./seed-problem.ts";

const shaoxing = resolve(import.meta.dirname, "../../../seeds/shaoxing");
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "hotgrid-read-seeds-"));
  for (const name of [
    "city.json",
    "divisions.csv",
    "areas.geojson",
    "stations.csv",
    "officers.csv",
    "assignments.csv",
    "routing.json",
  ])
    cpSync(join(shaoxing, name), join(directory, name));
});
afterEach(() => rmSync(directory, { recursive: true }));

function edit(name: string, change: (text: string) => string): void {
  const path = join(directory, name);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

async function problems(): Promise<readonly SeedProblem[]> {
  try {
    await readSeeds(directory);
  } catch (error) {
    if (error instanceof SeedError) return error.problems;
    throw error;
  }
  return [];
}

/** Rewrites one field of the row on a line (from 1). */
const field = (line: number, column: number, value: string) => (text: string) =>
  text
    .split("\n")
    .map((row, index) => (index === line - 1 ? row.split(",").with(column, value).join(",") : row))
    .join("\n");

test("the seeds are read with types, terms in epoch ms and WGS-84 areas", async () => {
  const seeds = await readSeeds(directory);
  expect(seeds.city).toMatchObject({ code: "330600", utcOffset: "+08:00" });
  expect(seeds.divisions[0]).toMatchObject({ code: "330600", parent: null, approximate: true });
  expect(seeds.stations[0]).toMatchObject({ intervalSeconds: 60, kind: "town" });
  expect(seeds.assignments[0]).toMatchObject({ from: Date.parse("2026-01-01T00:00:00+08:00"), to: null });
  expect(seeds.areas.size).toBe(seeds.divisions.length);
});

test("rules.json and policy.json are passed on as they are, and null where absent", async () => {
  expect(await readSeeds(directory)).toMatchObject({ rules: null, policy: null });
  writeFileSync(join(directory, "rules.json"), '{"any":["thing"]}');
  writeFileSync(join(directory, "policy.json"), "{");
  expect(await problems()).toMatchObject([{ file: "policy.json" }]);
  writeFileSync(join(directory, "policy.json"), "[1]");
  expect(await readSeeds(directory)).toMatchObject({ rules: { any: ["thing"] }, policy: [1] });
});

test("rosters are read where they are, and are empty where absent", async () => {
  expect(await readSeeds(directory)).toMatchObject({ shifts: [], leaves: [], calendar: [] });
  for (const name of ["shifts.csv", "leaves.csv", "calendar.csv"]) cpSync(join(shaoxing, name), join(directory, name));
  const seeds = await readSeeds(directory);
  expect(seeds.shifts[0]).toMatchObject({
    days: ["mon", "wed", "fri", "sun"],
    start: "17:30",
    covers: "own",
    to: null,
  });
  expect(seeds.calendar[0]).toEqual({ division: "330600", date: "2026-01-01", kind: "holiday", name: "元旦" });
  expect(seeds.routing.routes[0]).toMatchObject({ name: "devices" });
});

test.each<[string, string, string, Partial<SeedProblem>]>([
  ["an hour of 24", "shifts.csv", "17:30,08:30", { line: 2, field: "start", value: "24:30" }],
  ["a shift of nobody", "shifts.csv", "O-330600-D", { line: 2, field: "officerId", value: "O-nobody" }],
  ["a substitute who is nobody", "leaves.csv", "O-330603-D", { line: 3, field: "substituteId", value: "O-nobody" }],
  ["a day that does not exist", "calendar.csv", "2026-01-01", { line: 2, field: "date", value: "2026-02-30" }],
  ["a routed division elsewhere", "routing.json", '"when": {', { field: "devices.when.divisions", value: "330999" }],
])("%s in the rosters is a problem with its place", async (_rule, name, what, problem) => {
  cpSync(join(shaoxing, name), join(directory, name));
  const by =
    name === "routing.json"
      ? '"when": { "divisions": ["330999"],'
      : what.replace(/^17:30|^O-.*$|^2026.*$/, problem.value ?? "");
  edit(name, (text) => text.replace(what, by));
  expect(await problems()).toMatchObject([{ file: name, ...problem }]);
});

test("a byte order mark and Windows line ends do no harm", async () => {
  edit("stations.csv", (text) => `\uFEFF${text.replaceAll("\n", "\r\n")}`);
  expect(await problems()).toEqual([]);
});

describe("a problem names file, line, field, value and remedy", () => {
  test.each<[string, string, (text: string) => string, Partial<SeedProblem>]>([
    ["latitude over 90", "stations.csv", field(3, 4, "120.5"), { line: 3, field: "lat", value: "120.5" }],
    ["an empty longitude", "stations.csv", field(3, 3, ""), { line: 3, field: "lon", value: "" }],
    ["an unknown kind", "stations.csv", field(4, 2, "tower"), { line: 4, field: "kind", value: "tower" }],
    [
      "an unknown property",
      "stations.csv",
      field(4, 6, "pm25 pm99"),
      { line: 4, field: "properties", value: "pm25 pm99" },
    ],
    ["an id with a wildcard", "stations.csv", field(2, 0, "HG/+"), { line: 2, field: "id", value: "HG/+" }],
    ["a village that is not there", "stations.csv", field(2, 5, "330602001999"), { line: 2, field: "division" }],
    ["a level that its code denies", "divisions.csv", field(6, 2, "village"), { line: 6, field: "level" }],
    ["a parent that is not its prefix", "divisions.csv", field(6, 3, "330603"), { line: 6, field: "parent" }],
    ["a code of five digits", "divisions.csv", field(6, 0, "33060"), { line: 6, field: "code", value: "33060" }],
    ["a time without an offset", "assignments.csv", field(2, 3, "2026-01-01"), { line: 2, field: "from" }],
    ["a term that ends first", "assignments.csv", field(2, 4, "2025-01-01T00:00:00+08:00"), { line: 2, field: "to" }],
    ["an officer nobody knows", "assignments.csv", field(2, 0, "O-x"), { line: 2, field: "officerId", value: "O-x" }],
    ["a role that is none", "assignments.csv", field(2, 2, "boss"), { line: 2, field: "role", value: "boss" }],
    ["an officer without a name", "officers.csv", field(5, 1, ""), { line: 5, field: "name" }],
  ])("%s", async (_rule, file, change, expected) => {
    edit(file, change);
    const found = await problems();
    expect(found[0]).toMatchObject({ file, ...expected });
    expect(found[0]?.remedy).not.toBe("");
    expect(new SeedError(found).message).toContain(`${file}:${expected.line} ${expected.field}`);
  });

  test("a row with a column too many", async () => {
    edit("officers.csv", (text) => text.replace("\n", "\nO-1,甲,1,x,y,z\n"));
    expect(await problems()).toMatchObject([{ file: "officers.csv", line: 2 }]);
  });

  test("an id that occurs twice, with the line of the first", async () => {
    edit("officers.csv", (text) => `${text}O-330600,乙,1,x\n`);
    expect(await problems()).toMatchObject([{ field: "id", value: "O-330600", message: "already on line 2" }]);
  });

  test("a missing file", async () => {
    rmSync(join(directory, "officers.csv"));
    expect((await problems())[0]).toMatchObject({ file: "officers.csv", line: null });
  });

  test("a division without an area, and an area without a division", async () => {
    edit("areas.geojson", (text) => text.replace('"code":"330602001"', '"code":"330602999"'));
    expect((await problems()).map(({ file, value }) => [file, value])).toEqual([
      ["divisions.csv", "330602001"],
      ["areas.geojson", "330602999"],
    ]);
  });

  test("an area whose ring is open", async () => {
    edit("areas.geojson", (text) => text.replace(/\[\[\[([^\]]+)\],/, "[[[0,0],"));
    expect((await problems())[0]).toMatchObject({ file: "areas.geojson", message: "a ring must end where it starts" });
  });

  test("a city that is not among the divisions", async () => {
    edit("city.json", (text) => text.replace("330600", "330700"));
    expect((await problems()).at(-1)).toMatchObject({ file: "city.json", field: "code", value: "330700" });
  });
});

test("a thousand problems are told in twenty lines and a count", async () => {
  edit("officers.csv", (text) => text.replaceAll(/,(\p{L}+),154/gu, ",,154"));
  const message = new SeedError(await problems()).message;
  expect(message.split("\n").length).toBe(22);
  expect(message).toContain("and 1312 more");
});

test("an import's areas.geojson stands in for the seeds' own, with its flags and points", async () => {
  const overrides = mkdtempSync(join(tmpdir(), "hotgrid-overrides-"));
  try {
    const before = await readSeeds(directory, { overrides });
    const divisions = before.divisions.map((one) =>
      one.code === "330602" ? { ...one, approximate: false, lon: 120.6, lat: 30.02 } : one,
    );
    writeFileSync(join(overrides, "areas.geojson"), JSON.stringify(areasFile(divisions, before.areas)));
    const after = await readSeeds(directory, { overrides });
    expect(after.divisions.filter(({ approximate }) => !approximate)).toMatchObject([{ code: "330602", lon: 120.6 }]);
    expect(after.areas).toEqual(before.areas);
  } finally {
    rmSync(overrides, { recursive: true });
  }
});
