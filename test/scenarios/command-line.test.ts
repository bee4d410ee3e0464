import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../harness/embedded.ts";
import { runHotgrid } from "../harness/run-command.ts";

const folder = temporaryFolder();
const data = join(folder.path, "data");
const hotgrid = (words: readonly string[], input = "") => runHotgrid([...words, "--data", data], input);

beforeAll(async () => {
  const first = await hotgrid(["stations", "list", "--json"]);
  expect(first.code, first.stderr).toBe(0);
  expect(JSON.parse(first.stdout)).toHaveLength(300);
});
afterAll(folder.remove);

test("the seeds' grid has no hole, and the proof says what it looked at", async () => {
  const run = await hotgrid(["grid", "verify", "--json"]);
  expect(run.code, run.stderr).toBe(0);
  const report = JSON.parse(run.stdout);
  expect(report.holes).toEqual([]);
  expect(report.checked.stations).toBe(300);
});

test("a point is located with its cell, its four divisions and who is on duty", async () => {
  const run = await hotgrid(["grid", "locate", "120.49", "30.11", "--json"]);
  expect(run.code, run.stderr).toBe(0);
  const found = JSON.parse(run.stdout);
  expect(found.county).toMatchObject({ code: "330603", name: "柯桥区" });
  for (const level of ["village", "town", "county", "city"]) expect(found[level].onDuty, level).not.toBeNull();
});

test.each<[string, string[], number, RegExp]>([
  ["a point outside the city is bad news, not a failure", ["grid", "locate", "116.4", "39.9"], 1, /外|outside/],
  ["swapped coordinates are named", ["grid", "locate", "30.1", "120.5"], 2, /LAT "120.5"/],
  ["a word that is no number is named", ["grid", "locate", "east", "30"], 2, /LON "east"/],
  ["a moment without an offset is refused", ["grid", "verify", "--at", "2026-11-22"], 2, /offset/],
  ["secrets are rotated only when asked by name", ["stations", "credentials", "--out", "x.csv"], 2, /--rotate/],
  ["an unknown reason lists the known ones", ["dead-letters", "list", "--reason", "odd"], 2, /not-json/],
  ["replaying dead letters wants to know which", ["dead-letters", "replay"], 2, /--reason/],
  ["the datum of boundaries must be said", ["grid", "import", "x.geojson"], 2, /GCJ-02/],
  ["an unknown flag is named", ["grid", "verify", "--fast"], 2, /--fast/],
])("%s", async (_rule, words, code, message) => {
  const run = await hotgrid(words);
  expect(run.code).toBe(code);
  expect(run.stdout + run.stderr).toMatch(message);
});

test("an unknown command gets the list of commands", async () => {
  const run = await runHotgrid(["grids"]);
  expect(run.code).toBe(2);
  expect(run.stdout).toContain("grid verify");
});

test("secrets are written once, for their owner only, and never over a file", async () => {
  const out = join(folder.path, "secrets.csv");
  const words = ["stations", "credentials", "--rotate", "--out", out, "HG-330602-001"];
  expect((await hotgrid(words)).code).toBe(0);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const [header, row] = readFileSync(out, "utf8").split("\n");
  expect(header).toBe("stationId,secret");
  expect(row).toMatch(/^HG-330602-001,[\w-]{32,}$/);
  const again = await hotgrid(words);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain("never overwrite");
});

test("a station is added, and a wrong row of an import names line, field and remedy", async () => {
  const words = ["--id", "T-1", "--name", "试验站", "--kind", "micro", "--lon", "120.58", "--lat", "30.03"];
  const rest = ["--division", "330602", "--properties", "pm25 pm10"];
  const added = await hotgrid(["stations", "add", ...words, ...rest]);
  expect(added.code, added.stderr).toBe(0);
  expect((await hotgrid(["stations", "list"])).stdout).toContain("试验站");
  const file = join(folder.path, "stations.csv");
  writeFileSync(file, "id,name,kind,lon,lat,division,properties,intervalSeconds\nT-2,站,micro,abc,30,330602,pm25,60\n");
  const imported = await hotgrid(["stations", "import", file]);
  expect(imported.code).toBe(2);
  expect(imported.stderr).toMatch(/stations\.csv:2 lon = "abc"/);
});

test("an account is added with a password that only standard input sees", async () => {
  const words = ["users", "add", "--id", "chief", "--name", "市局", "--role", "supervisor", "--division", "330600"];
  const short = await hotgrid(words, "short\n");
  expect(short.code).toBe(2);
  expect(short.stderr).toMatch(/password/);
  expect((await hotgrid(words, "a long enough secret\n")).code).toBe(0);
  expect((await hotgrid([...words, "--officer", "nobody"], "a long enough secret\n")).code).toBe(2);
});
