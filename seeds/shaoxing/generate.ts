import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createGrid } from "@hotgrid/grid";
import { appointOfficers } from "./generator/appoint-officers.ts";
import { drawDivisions } from "./generator/draw-divisions.ts";
import { placeStations } from "./generator/place-stations.ts";
import { readFacts } from "./generator/read-facts.ts";
import { seededRandom } from "./generator/seeded-random.ts";
import { writeSeeds } from "./generator/write-seeds.ts";

/** The town in which a county's or the city's government sits lends it its point. */
const SEATS: Readonly<Record<string, string>> = {
  "330600": "330602002",
  "330602": "330602002",
  "330603": "330603001",
  "330604": "330604001",
};

const { values } = parseArgs({
  options: {
    divisions: { type: "string" },
    points: { type: "string" },
    seed: { type: "string", default: "330600" },
    out: { type: "string", default: import.meta.dirname },
  },
});
if (values.divisions === undefined || values.points === undefined)
  throw new Error("usage: node seeds/shaoxing/generate.ts --divisions CSV --points CSV [--seed N] [--out DIR]");

const facts = readFacts(values.divisions, values.points);
const seed = Number(values.seed);
const { points, areas, dropped } = drawDivisions(facts, seededRandom(seed));

const divisions = facts
  .map(({ code, name, level, parent, pointSource: source, code2016 }) => {
    const [lon, lat] = points.get(code) ?? points.get(SEATS[code] ?? "") ?? [];
    if (lon === undefined || lat === undefined) throw new Error(`${code} ${name} got no point`);
    const spread = level === "village" && (source === "" || dropped.includes(code));
    const pointSource = spread ? "spread" : source === "" ? "seat" : source;
    return { code, name, level, parent, lon, lat, approximate: true, code2016, pointSource };
  })
  .sort((a, b) => a.code.length - b.code.length || (a.code < b.code ? -1 : 1));

const city = divisions.find(({ level }) => level === "city");
if (city === undefined) throw new Error(`${values.divisions}: no row of level city`);
const grid = createGrid({ city: city.code, divisions, areas });
const stations = placeStations(grid, seededRandom(seed + 1));
writeSeeds(values.out, { divisions, areas, stations, ...appointOfficers(divisions, seededRandom(seed + 2)) });
writeFileSync(
  join(values.out, "city.json"),
  `${JSON.stringify({ code: city.code, name: city.name, utcOffset: "+08:00", lon: city.lon, lat: city.lat }, null, 2)}\n`,
);
process.stdout.write(
  `${divisions.length} divisions (${dropped.length} village points not used), ${areas.size} areas of ` +
    `${readFileSync(join(values.out, "areas.geojson")).length} bytes, ${stations.length} stations\n`,
);
