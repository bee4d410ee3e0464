import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createGrid } from "@hotgrid/grid";
import { readSeeds, type Seeds } from "@hotgrid/store";

const SHAOXING = resolve(import.meta.dirname, "../../../seeds/shaoxing");
/** Added stations stand around the real ones on a spiral: first ring and its growth, degrees (some 100 m). */
const RING_DEGREES = 0.002;
const GOLDEN_ANGLE = 2.399_963;
/** Instead of 30 s and 120 s, so that a run takes minutes: what a storm brings comes within it all the same. */
export const GROUP_WAIT_SECONDS = 10;

/** A rule's value by its group and name, as in rules.json. */
export type RuleChanges = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Shaoxing's seeds with `count` stations: its own 300, or more of them around those, each in the village in which it
 *  then stands. No quiet hours: figures must not depend on the hour in which they are taken; and a short group wait. */
export async function benchCity(
  folder: string,
  count: number,
  changes: RuleChanges,
): Promise<{ readonly dir: string; readonly seeds: Seeds }> {
  const dir = join(folder, "seeds");
  cpSync(SHAOXING, dir, { recursive: true });
  const groupWaitSeconds = { red: 0, orange: GROUP_WAIT_SECONDS, yellow: GROUP_WAIT_SECONDS };
  editJson(join(dir, "notification.json"), (rules) => ({ ...rules, quietHours: [], groupWaitSeconds }));
  editJson(join(dir, "rules.json"), (rules) => changed(rules, changes));
  const seeds = await readSeeds(SHAOXING);
  const rows = await stationRows(seeds, count);
  const head = "id,name,kind,lon,lat,division,properties,intervalSeconds";
  writeFileSync(join(dir, "stations.csv"), `${[head, ...rows].join("\n")}\n`);
  return { dir, seeds: await readSeeds(dir) };
}

type Json = Record<string, unknown>;

function editJson(file: string, edit: (value: Json) => Json): void {
  writeFileSync(file, JSON.stringify(edit(JSON.parse(readFileSync(file, "utf8")) as Json), null, 1));
}

function changed(rules: Json, changes: RuleChanges): Json {
  const groups = Object.entries(changes).map(([group, values]) => {
    const before = rules[group] as Record<string, Json>;
    const after = Object.entries(values).map(([name, value]) => [name, { ...before[name], value }]);
    return [group, { ...before, ...Object.fromEntries(after) }];
  });
  return { ...rules, ...Object.fromEntries(groups) };
}

async function stationRows(seeds: Seeds, count: number): Promise<string[]> {
  const grid = createGrid({ city: seeds.city.code, divisions: seeds.divisions, areas: seeds.areas });
  return Array.from({ length: count }, (_, i) => {
    const real = seeds.stations[i % seeds.stations.length];
    if (!real) throw new Error("the seeds have no station");
    const ring = Math.floor(i / seeds.stations.length);
    const lon = real.lon + RING_DEGREES * Math.sqrt(ring) * Math.cos(ring * GOLDEN_ANGLE);
    const lat = real.lat + RING_DEGREES * Math.sqrt(ring) * Math.sin(ring * GOLDEN_ANGLE);
    const place = grid.locate(lon, lat)?.village ?? real.division;
    const id = ring === 0 ? real.id : `${real.id}-${ring}`;
    const properties = "pm25 pm10 relativeHumidity windSpeed windDirection";
    return `${id},${id},micro,${lon.toFixed(6)},${lat.toFixed(6)},${place},${properties},60`;
  });
}
