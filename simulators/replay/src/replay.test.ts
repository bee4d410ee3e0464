import { join, resolve } from "node:path";
import { unaccounted } from "@hotgrid/fleet-simulator";
import { createDuty, createGrid, verifyCoverage } from "@hotgrid/grid";
import { createLog } from "@hotgrid/runtime";
import { readSeeds } from "@hotgrid/store";
import { expect, test } from "vitest";
import { findFiles } from "./find-files.ts";
import { formatOf } from "./formats/format-of.ts";
import { placeStations, readStationsFile } from "./place-stations.ts";
import { replay } from "./replay.ts";
import { survey } from "./survey.ts";
import { syntheticCity } from "./synthetic-city.ts";
import { ALWAYS, withFiles } from "./testing.ts";

const SEEDS = resolve(import.meta.dirname, "../../../seeds/shaoxing");
const HEADER = "stationId,phenomenonTime,pm25,pm10";

/** Ten stations for three hours, every two minutes, with things that go wrong in it. */
function recording(): string {
  const rows = Array.from({ length: 90 * 10 }, (_, i) => {
    const minute = 2 * Math.floor(i / 10);
    const time = new Date(Date.UTC(2026, 5, 1, 0, minute)).toISOString();
    const pm25 = 30 + ((i * 7) % 11);
    return `R-${i % 10},${time},${pm25},${pm25 + 25}`;
  });
  const repeated = rows.slice(40, 45);
  const negative = "R-0,2026-06-01T02:59:30Z,-5,20";
  const absurd = "R-1,2026-06-01T02:59:40Z,1e308,20";
  return [HEADER, ...rows.slice(0, 50), ...repeated, ...rows.slice(50), negative, absurd, "R-2,yesterday,1,2"].join(
    "\n",
  );
}

const stationsFile = (lon: number, lat: number) =>
  `stationId,lon,lat,division,kind\n${Array.from({ length: 10 }, (_, i) => `R-${i},${lon + 0.02 * (i % 4)},${lat + 0.02 * Math.floor(i / 4)},,${i === 0 ? "town" : ""}`).join("\n")}\n`;

test.each([
  ["in the seeds' city", 120.5, 30.03],
  ["anywhere else", 9.18, 48.77],
])("every reading published %s is stored, a duplicate or a dead letter with its reason", async (_rule, lon, lat) => {
  await withFiles({ "r.csv": recording(), "stations.txt": stationsFile(lon, lat) }, async (folder) => {
    const { format, city } = formatOf("hotgrid-csv", "+08:00");
    const found = await survey(await findFiles(join(folder, "r.csv")), format, ALWAYS);
    const known = await readStationsFile(join(folder, "stations.txt"));
    const progress: number[] = [];
    const result = await replay({
      recording: found,
      format,
      period: ALWAYS,
      seeds: placeStations(found, known, await readSeeds(SEEDS), city),
      speed: null,
      dataDir: join(folder, "data"),
      log: createLog("replay-test", "error"),
      onProgress: (done) => progress.push(done),
    });
    expect(result.counts).toEqual({
      published: 907,
      acknowledged: 907,
      stored: 900,
      duplicate: 5,
      late: 0,
      deadLettered: { "implausible-value": 2 },
    });
    expect(unaccounted(result.counts)).toBe(0);
    expect(progress.at(-1)).toBeCloseTo(1, 1);
    expect(result.episodes.filter(({ kind }) => kind === "local")).toEqual([]);
  });
});

test("a station without a place is named with the remedy", async () => {
  const seeds = await readSeeds(SEEDS);
  const { format, city } = formatOf("hotgrid-csv", "+08:00");
  const found = await withFiles({ "r.csv": recording() }, async (folder) =>
    survey(await findFiles(folder), format, ALWAYS),
  );
  expect(() => placeStations(found, new Map(), seeds, city)).toThrow(/R-0 has no place.*--stations/);
});

test("a made-up city has somebody responsible at all four levels, wherever its stations stand", async () => {
  const { rules, policy } = await readSeeds(SEEDS);
  const stations = Array.from({ length: 12 }, (_, i) => ({
    ...{ id: `S-${i}`, name: `S-${i}`, kind: "micro" as const, properties: ["pm25" as const], intervalSeconds: 60 },
    ...{ lon: -2.1 + 0.03 * (i % 4), lat: 57.1 + 0.02 * (i % 3) },
  }));
  const same = stations.map((station) => ({ ...station, id: `${station.id}-b`, name: `${station.name}-b` }));
  const city = { code: "990100", name: "回放", utcOffset: "+00:00" };
  const seeds = syntheticCity(city, [...stations, ...same], { rules, policy });
  const grid = createGrid({ city: seeds.city.code, divisions: seeds.divisions, areas: seeds.areas });
  const plan = { ...seeds, utcOffset: seeds.city.utcOffset };
  expect(verifyCoverage(grid, seeds.stations, plan, { from: 0, to: 1 }).holes).toEqual([]);
  for (const { division } of seeds.stations) {
    expect(createDuty(plan).onDuty(grid.lineage(division), 0).reason).toBe("assignment-village");
  }
  expect(new Set(seeds.stations.map(({ division }) => division)).size).toBe(12);
});

test("a stations file is read with its kinds, and a wrong row is named with its line", async () => {
  await withFiles(
    { "good.csv": stationsFile(120, 30), "bad.csv": "stationId,lon,lat\nA,120,30\nB,220,30\n" },
    async (folder) => {
      expect((await readStationsFile(join(folder, "good.csv"))).get("R-0")).toMatchObject({
        lon: 120,
        lat: 30,
        kind: "town",
      });
      await expect(readStationsFile(join(folder, "bad.csv"))).rejects.toThrow(/bad\.csv:3: lon/);
    },
  );
});
