import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { distanceMetres } from "@hotgrid/grid";
import { readSeeds, type Seeds } from "@hotgrid/store";
import { ROOT } from "./embedded.ts";

const SHAOXING = join(ROOT, "seeds", "shaoxing");

interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** Shaoxing's seeds with only the `count` stations nearest to each centre that measure PM2.5: enough neighbours for
 *  detection, few enough connections for a test. Returns the folder and what is in it, by centre, nearest station
 *  first. */
export async function smallCity(
  folder: string,
  count: number,
  ...centres: readonly Place[]
): Promise<{ dir: string; seeds: Seeds }> {
  const dir = join(folder, "seeds");
  cpSync(SHAOXING, dir, { recursive: true });
  const all = await readSeeds(SHAOXING);
  const able = all.stations.filter(({ properties }) => properties.includes("pm25") && properties.includes("pm10"));
  const nearest = centres.flatMap((centre) =>
    able.toSorted((a, b) => distanceMetres(a, centre) - distanceMetres(b, centre)).slice(0, count),
  );
  const kept = new Set(nearest.map(({ id }) => id));
  const file = join(dir, "stations.csv");
  const [header = "", ...rows] = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, [header, ...rows.filter((row) => kept.has(row.split(",")[0] ?? ""))].join("\n"));
  return { dir, seeds: { ...all, stations: nearest } };
}
