import type { DivisionCode, Station } from "@hotgrid/contracts";
import { distanceMetres, type Grid, type LonLat } from "@hotgrid/grid";
import { type CountyPlan, KINDS, PLANS } from "./station-plan.ts";

/** One report a minute. */
const INTERVAL_SECONDS = 60;
/** A station stands up to this far from its village's point, m: on a roof or a pole, not in the very middle. Ours. */
const SHAKE_METRES = 120;
const METRES_PER_DEGREE = 111_195;
/** Villages within whose nearest neighbours the local spacing is measured. Ours. */
const NEIGHBOURS = 6;

interface Village extends LonLat {
  readonly code: DivisionCode;
  readonly town: DivisionCode;
  readonly name: string;
  /** Mean distance to the nearest villages, m: small where people live close together. */
  readonly spacing: number;
}

type Kind = keyof typeof KINDS;
interface Placed extends LonLat {
  readonly kind: Kind;
  readonly village: Village;
}

/** Places the stations as a planner does: a town station by each town's own point, park boundaries at the rim of
 *  industrial towns, dust stations where building and traffic concentrate, and micro stations one by one wherever the
 *  distance to the next station is longest for how densely the villages stand. */
export function placeStations(grid: Grid, random: () => number): Station[] {
  return PLANS.flatMap((plan) => {
    const villages = villagesOf(grid, plan.county);
    const placed: Placed[] = [];
    for (const wish of wishes(plan, grid, villages)) placed.push(place(wish, placed, grid, random));
    return placed.map((station, index) => toStation(station, index, plan, grid));
  });
}

interface Wish {
  readonly kind: Kind;
  /** Villages that come into question, best first where the order counts. */
  readonly villages: readonly Village[];
  /** How good a village is, given the distance to the nearest station there, m. Higher is better. */
  readonly score: (village: Village, clearance: number) => number;
}

function wishes(plan: CountyPlan, grid: Grid, villages: readonly Village[]): Wish[] {
  const towns = [...grid.divisions.values()].filter(({ parent }) => parent === plan.county);
  const nearTown = towns.map(
    (town): Wish => ({
      kind: "town",
      villages: villages.filter((village) => village.town === town.code),
      score: (village) => -distanceMetres(village, town),
    }),
  );
  const parks = plan.parks.map(
    (park): Wish => ({
      kind: "park-boundary",
      villages: villages.filter(({ town }) => town === park),
      score: (village) => distanceMetres(village, grid.divisions.get(park) ?? village),
    }),
  );
  const times = (count: number, wish: Wish): Wish[] => Array.from({ length: count }, () => wish);
  const evenly = (village: Village, clearance: number): number => clearance / village.spacing;
  const byDensity = (village: Village, clearance: number): number => Math.min(clearance, 4000) / village.spacing ** 2;
  const dust = [
    ...times(plan.dustSites, { kind: "dust-site", villages, score: byDensity }),
    ...times(plan.dustRoads, { kind: "dust-road", villages, score: byDensity }),
  ];
  const micro = plan.total - nearTown.length - parks.length - dust.length;
  return [...nearTown, ...parks, ...dust, ...times(micro, { kind: "micro", villages, score: evenly })];
}

function place({ kind, villages, score }: Wish, placed: readonly Placed[], grid: Grid, random: () => number): Placed {
  const { spacing } = KINDS[kind];
  const ranked = villages
    .map((village) => ({ village, clearance: clearanceAt(village, placed) }))
    .map((candidate) => ({ ...candidate, score: score(candidate.village, candidate.clearance) }))
    .sort((a, b) => b.score - a.score);
  for (const { village, clearance } of ranked) {
    if (clearance < spacing + SHAKE_METRES) continue;
    const at = shake(village, random);
    if (grid.locate(at.lon, at.lat)?.village === village.code && clearanceAt(at, placed) >= spacing)
      return { kind, village, ...at };
  }
  throw new RangeError(`no place is left for a ${kind} station, ${spacing} m from the others`);
}

const clearanceAt = (at: LonLat, placed: readonly LonLat[]): number =>
  placed.reduce((least, other) => Math.min(least, distanceMetres(at, other)), Number.POSITIVE_INFINITY);

function shake({ lon, lat }: LonLat, random: () => number): LonLat {
  const angle = random() * 2 * Math.PI;
  const metres = Math.sqrt(random()) * SHAKE_METRES;
  const east = (metres * Math.cos(angle)) / (METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180));
  const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
  return { lon: round(lon + east), lat: round(lat + (metres * Math.sin(angle)) / METRES_PER_DEGREE) };
}

function villagesOf(grid: Grid, county: DivisionCode): Village[] {
  const villages = [...grid.divisions.values()].filter(
    ({ level, code }) => level === "village" && code.startsWith(county),
  );
  return villages.map((village) => {
    const distances = villages
      .map((other) => distanceMetres(village, other))
      .sort((a, b) => a - b)
      .slice(1, NEIGHBOURS + 1);
    const spacing = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
    return { code: village.code, town: village.code.slice(0, 9), name: village.name, spacing, ...pick(village) };
  });
}

const pick = ({ lon, lat }: LonLat): LonLat => ({ lon, lat });

/** A village's name without its committee: 斗门村委会 is 斗门村. */
const shortName = (name: string): string => name.replace(/村?村委会$/, "村").replace(/(社区)?居委会$/, "社区");

function toStation({ kind, village, lon, lat }: Placed, index: number, plan: CountyPlan, grid: Grid): Station {
  const { zh, properties } = KINDS[kind];
  const town = grid.divisions.get(village.town)?.name ?? "";
  return {
    id: `HG-${plan.county}-${String(index + 1).padStart(3, "0")}`,
    name: kind === "town" ? `${town}${zh}` : `${town}·${shortName(village.name)}${zh}`,
    kind,
    lon,
    lat,
    division: village.code,
    properties: [...properties],
    intervalSeconds: INTERVAL_SECONDS,
  };
}
