import { basename } from "node:path";
import { cityOf, type DivisionCode, OBSERVED_PROPERTIES, type Station } from "@hotgrid/contracts";
import type { Scenario } from "./scenario.ts";

/** What a listed station without `properties` observes. */
const USUAL = OBSERVED_PROPERTIES.filter((p) => !["tsp", "tvoc", "nh3", "h2s", "pressure", "noise"].includes(p));

/** The stations of a scenario: those of the seed set that it names, or its own list (placed in the city as a whole).
 *  Throws where it names another set than the one given, or a fault of a station that does not exist. */
export function stationsOf(
  scenario: Scenario,
  seeds: {
    readonly dir: string;
    readonly city: { readonly code: DivisionCode };
    readonly stations: readonly Station[];
  },
): readonly Station[] {
  const stations =
    typeof scenario.stations === "string" ? fromSeeds(scenario, seeds) : listed(scenario, seeds.city.code);
  const known = new Set(stations.map(({ id }) => id));
  for (const { station } of [...scenario.faults, ...scenario.interference]) {
    if (!known.has(station)) throw new Error(`scenario ${scenario.name}: there is no station ${station}`);
  }
  return stations;
}

function fromSeeds(scenario: Scenario, seeds: { readonly dir: string; readonly stations: readonly Station[] }) {
  const set = basename(seeds.dir);
  if (scenario.stations === set) return seeds.stations;
  throw new Error(
    `scenario ${scenario.name}: it needs the seeds "${scenario.stations}", given are "${set}"; use --seeds`,
  );
}

function listed(scenario: Scenario, city: DivisionCode): Station[] {
  if (typeof scenario.stations === "string") return [];
  return scenario.stations.map(({ id, lon, lat, properties }) => ({
    id,
    name: id,
    kind: "micro",
    lon,
    lat,
    division: `${cityOf(city)}00`,
    properties: properties ?? USUAL,
    intervalSeconds: scenario.intervalSeconds,
  }));
}
