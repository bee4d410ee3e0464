import type { Station } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import { Random } from "../physics/random.ts";
import { FAULT_KINDS, parseScenario, type Scenario } from "../scenario.ts";

/** Days of learning before the scored time: detection's rules are stricter until day 3. */
const WARMUP_HOURS = 72;
const START = "2026-10-12T00:00:00+08:00";

/** Sources a day, of each kind with its emission (detection.md, Evaluation), g/s. Their number is ours. */
const straw = (random: Random) => {
  const pm25 = random.between(5, 20) * random.between(0.4, 1);
  return { hours: random.between(1, 2), height: 5, emission: { pm25, pm10: 1.3 * pm25, co: 9.3 * pm25 } };
};
const rubbish = (random: Random) => {
  const pm25 = random.between(0.03, 0.15);
  return { hours: random.between(1, 3), height: 3, emission: { pm25, pm10: 1.3 * pm25 } };
};
const site = (random: Random) => {
  const pm10 = random.between(0.1, 1);
  return { hours: random.between(2, 5), height: 2, emission: { pm10, pm25: 0.15 * pm10, tsp: 2.5 * pm10 } };
};
const boiler = (random: Random) => {
  const pm25 = random.between(0.1, 2);
  return { hours: random.between(2, 6), height: 25, emission: { pm25, pm10: 1.3 * pm25, so2: 1.5 * pm25, no2: pm25 } };
};
const DAILY = [
  ...Array(8).fill(straw),
  ...Array(2).fill(rubbish),
  ...Array(3).fill(site),
  ...Array(2).fill(boiler),
] as const;

export interface RandomOptions {
  /** Minutes by which neighbourhoods' kitchens are earlier or later, at most; 0 as the simulator's author has it. */
  readonly kitchensShifted?: number;
}

/** A made-up stretch of days with everything that detection must tell apart, at random places and times by the seed:
 *  for tuning on one set of seeds and reporting on another. */
export function randomScenario(
  seed: number,
  days: number,
  stations: readonly Station[],
  grid: Grid,
  { kitchensShifted = 0 }: RandomOptions = {},
): Scenario {
  const random = new Random(seed, "random-scenario");
  const scenario = {
    name: `random-${days}-days-${seed}${kitchensShifted ? `-kitchens-${kitchensShifted}` : ""}`,
    seed,
    start: START,
    hours: 24 * days,
    warmupHours: WARMUP_HOURS,
    intervalSeconds: 60,
    stations: "shaoxing",
    weather: weather(random, days),
    sources: perDay(days, (day) => DAILY.map((kind, i) => source(random, grid, day, i, kind(random)))),
    regional: perDay(days, (day) => (day % 3 === 1 ? [regional(random, day)] : [])),
    faults: faults(random, days, stations),
    interference: perDay(days, (day) => misting(random, day, stations)),
    nuisance: [
      { kind: "trucks", from: -WARMUP_HOURS, to: 24 * days },
      {
        ...{ kind: "cooking", from: -WARMUP_HOURS, to: 24 * days },
        ...(kitchensShifted && { shiftMinutes: kitchensShifted }),
      },
      ...perDay(days, (day) => (day % 7 === 5 ? [{ kind: "fireworks", from: 24 * day + 19, to: 24 * day + 21 }] : [])),
    ],
  };
  return parseScenario(JSON.stringify(scenario), scenario.name);
}

const perDay = <T>(days: number, of: (day: number) => T[]): T[] =>
  Array.from({ length: days }, (_, day) => of(day)).flat();

/** Four points a day: stable nights, unstable noons. */
function weather(random: Random, days: number) {
  let direction = random.between(0, 360);
  const turn = () => {
    direction = (direction + 35 * random.normal() + 360) % 360;
    return Math.round(direction);
  };
  const at = (
    hour: number,
    stability: string,
    mixingHeight: number,
    speed: [number, number],
    humidity: [number, number],
  ) => ({
    at: hour,
    windSpeed: Number(random.between(...speed).toFixed(1)),
    windDirection: turn(),
    stability,
    mixingHeight,
    temperature: 15,
    relativeHumidity: Math.round(random.between(...humidity)),
  });
  return Array.from({ length: days + WARMUP_HOURS / 24 }, (_, i) => 24 * i - WARMUP_HOURS).flatMap((day) => [
    at(day, "E", 250, [0.8, 2.5], [70, 92]),
    at(day + 8, "C", 700, [1.5, 3.5], [50, 75]),
    at(day + 13, "B", 1100, [2, 4.5], [40, 65]),
    at(day + 18, "D", 450, [1.2, 3], [55, 80]),
  ]);
}

type Kind = ReturnType<typeof straw> | ReturnType<typeof rubbish> | ReturnType<typeof site> | ReturnType<typeof boiler>;

function source(random: Random, grid: Grid, day: number, index: number, { hours, height, emission }: Kind) {
  // Sites work by day; whatever burns does so at any time.
  const from = 24 * day + ("tsp" in emission ? random.between(7, 15) : random.between(0, 23));
  return { id: `d${day}-${index}`, ...placeIn(random, grid), heightMetres: height, from, to: from + hours, emission };
}

/** Uniform over the city's area. */
function placeIn(random: Random, grid: Grid): { lon: number; lat: number } {
  const villages = [...grid.divisions.values()].filter(({ level }) => level === "village");
  const [lons, lats] = [villages.map(({ lon }) => lon), villages.map(({ lat }) => lat)];
  for (let tries = 0; tries < 1000; tries++) {
    const lon = random.between(Math.min(...lons), Math.max(...lons));
    const lat = random.between(Math.min(...lats), Math.max(...lats));
    if (grid.locate(lon, lat)) return { lon, lat };
  }
  throw new Error("no place within the city was found");
}

function regional(random: Random, day: number) {
  const from = 24 * day + random.between(0, 12);
  const dust = random.uniform() < 0.25;
  return {
    from,
    to: from + random.between(6, 20),
    property: dust ? "pm10" : "pm25",
    peak: random.between(40, dust ? 220 : 120),
    riseHours: random.between(0.7, 3),
    oneSided: random.uniform() < 0.3,
  };
}

/** Each kind in turn, drift twice as often: it has a target of its own. */
const KINDS = [...FAULT_KINDS.slice(0, 8), "drift", ...FAULT_KINDS.slice(8)] as const;

/** Two new faults a day, each at a station of its own, most for hours, drift for days. */
function faults(random: Random, days: number, stations: readonly Station[]) {
  const order = stations.map(({ id }) => ({ id, key: random.uniform() })).toSorted((a, b) => a.key - b.key);
  const first = Math.floor(KINDS.length * random.uniform());
  return order.slice(0, Math.min(2 * days, Math.floor(order.length / 3))).map(({ id }, i) => {
    const kind = KINDS[(first + i) % KINDS.length];
    const from = 24 * Math.floor(i / 2) + random.between(0, 20);
    return { station: id, kind, from, to: from + (kind === "drift" ? 96 : random.between(8, 14)) };
  });
}

function misting(random: Random, day: number, stations: readonly Station[]) {
  const sites = stations.filter(({ kind }) => kind === "dust-site");
  const chosen = sites[Math.floor(random.uniform() * sites.length)];
  if (!chosen) return [];
  const from = 24 * day + random.between(8, 12);
  return [{ station: chosen.id, kind: "misting", from, to: from + random.between(2, 5) }];
}
