import { resolve } from "node:path";
import { createGrid, type Grid } from "@hotgrid/grid";
import { readSeeds, type Seeds } from "@hotgrid/store";
import { booleanPointInPolygon } from "@turf/boolean-point-in-polygon";
import type { BenchResult } from "./detector.ts";

const SEEDS = resolve(import.meta.dirname, "../../seeds/shaoxing");
/** µs; issue 2 asks for less on average. */
const AIM_MICROSECONDS = 20;
const POINTS = 200_000;
/** Fewer: the scan takes some fifty times as long. */
const SCANNED_POINTS = 1000;

type Point = readonly [lon: number, lat: number];

/** Points over the box around the city; six in ten lie inside. A fixed linear congruence repeats them (Numerical
 *  Recipes' constants). */
function randomPoints(count: number): Point[] {
  let state = 330600;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, () => [120.25 + random() * 0.85, 29.72 + random() * 0.5]);
}

/** Mean time of a lookup, µs, and the share of points that it found. */
function measure(points: readonly Point[], lookup: (lon: number, lat: number) => boolean) {
  let found = 0;
  const started = performance.now();
  for (const [lon, lat] of points) if (lookup(lon, lat)) found++;
  return { microseconds: ((performance.now() - started) * 1000) / points.length, share: found / points.length };
}

/** Point to cells, village, town, county and city with Shaoxing's seeds, beside asking Turf village by village. */
export async function benchLocate(): Promise<BenchResult[]> {
  const seeds = await readSeeds(SEEDS);
  const grid: Grid = createGrid({ city: seeds.city.code, divisions: seeds.divisions, areas: seeds.areas });
  const points = randomPoints(POINTS);
  const scan = scanOf(seeds);
  const locate = (lon: number, lat: number): boolean => grid.locate(lon, lat) !== null;
  measure(points.slice(0, POINTS / 10), locate);
  const { microseconds, share } = measure(points, locate);
  const peer = measure(points.slice(0, SCANNED_POINTS), scan);
  return [
    {
      name: "locate",
      value: Number(microseconds.toFixed(3)),
      unit: "µs",
      peer: { name: "@turf/boolean-point-in-polygon over every village", value: Number(peer.microseconds.toFixed(1)) },
      ratio: Number((peer.microseconds / microseconds).toFixed(1)),
      aim: AIM_MICROSECONDS,
      details: { points: POINTS, inside: Number(share.toFixed(3)), villages: scan.villages },
    },
  ];
}

function scanOf({ divisions, areas }: Seeds) {
  const villages = divisions.flatMap(({ code, level }) => (level === "village" ? (areas.get(code) ?? []) : []));
  const scan = (lon: number, lat: number): boolean => villages.some((area) => booleanPointInPolygon([lon, lat], area));
  return Object.assign(scan, { villages: villages.length });
}
