import { join } from "node:path";
import type { ObservedProperty, Station } from "@hotgrid/contracts";
import { parseScenario, type Scenario } from "./scenario.ts";
import { createWorld, type SimulatedReading, type World } from "./world.ts";

export const SEEDS_DIR = join(import.meta.dirname, "../../../seeds/shaoxing");

const PROPERTIES: ObservedProperty[] = [
  "pm25",
  "pm10",
  "no2",
  "co",
  "temperature",
  "relativeHumidity",
  "windSpeed",
  "windDirection",
];

export const stationAt = (id: string, lon: number, lat: number, properties = PROPERTIES): Station => ({
  id,
  name: id,
  kind: "micro",
  lon,
  lat,
  division: "330603001001",
  properties,
  intervalSeconds: 60,
});

/** `side` times `side` stations, 2 km apart, around 120.5 30.05. */
export const stationGrid = (side: number): Station[] =>
  Array.from({ length: side * side }, (_, i) =>
    stationAt(`HG-${i}`, 120.5 + 0.0208 * ((i % side) - side / 2), 30.05 + 0.018 * (Math.floor(i / side) - side / 2)),
  );

/** A quiet scenario with a steady wind from the south; `change` overrides its fields. */
export const scenarioWith = (change: Record<string, unknown> = {}): Scenario =>
  parseScenario(
    JSON.stringify({
      name: "test",
      seed: 1,
      start: "2026-11-20T18:00:00+08:00",
      hours: 3,
      warmupHours: 0,
      stations: "shaoxing",
      weather: [{ at: 0, windSpeed: 2.5, windDirection: 180, stability: "D", mixingHeight: 500 }],
      ...change,
    }),
    "test.json",
  );

/** Runs a world from its first minute for `minutes`, or to its end. */
export function run(world: World, minutes = world.endMinute - world.firstMinute): SimulatedReading[] {
  return Array.from({ length: minutes }, (_, i) => world.readingsAt(world.firstMinute + i)).flat();
}

export const runScenario = (change: Record<string, unknown>, stations: readonly Station[]): SimulatedReading[] =>
  run(createWorld(scenarioWith(change), stations));
