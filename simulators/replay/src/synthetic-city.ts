import type { Assignment, DivisionCode, Officer, RoutingTree, Station } from "@hotgrid/contracts";
import { type Area, createLocalPlane, type Division, dissolve, voronoiRings } from "@hotgrid/grid";
import type { Seeds } from "@hotgrid/store";

/** A station to be placed. */
export type UnplacedStation = Omit<Station, "division">;

export interface SyntheticCity {
  /** "110000"; 99xxxx is no code of the National Bureau of Statistics. */
  readonly code: DivisionCode;
  readonly name: string;
  readonly utcOffset: string;
}

/** How far the made-up city reaches beyond its outermost stations, m. Ours: source estimates look 6 km around. */
const MARGIN_METRES = 7000;
/** Stations closer than this stand in one town, m. Ours. */
const SAME_PLACE_METRES = 20;
/** Codes of towns have three digits. */
const TOWNS = 899;

interface Spot {
  readonly lon: number;
  readonly lat: number;
  readonly town: DivisionCode;
  readonly village: DivisionCode;
  readonly names: string[];
}

/** A city for a recording that lies outside the seeds' city, so that its episodes find a place and an officer all the
 *  same: one county, around each place with a station a town with one village (nearest-station areas), one invented
 *  officer per division. Rules and policy are those of the seeds. */
export function syntheticCity(
  city: SyntheticCity,
  stations: readonly UnplacedStation[],
  { rules, policy }: Pick<Seeds, "rules" | "policy">,
): Seeds {
  const county = `${city.code.slice(0, 4)}01`;
  const spots = spotsOf(stations, county);
  const areas = areasOf(city.code, county, spots);
  const centre = middleOf(spots);
  const division = (code: DivisionCode, name: string, level: Division["level"], parent: string | null, at: Centre) => ({
    code,
    name,
    level,
    parent,
    lon: at.lon,
    lat: at.lat,
    approximate: true,
  });
  const divisions: Division[] = [
    division(city.code, city.name, "city", null, centre),
    division(county, `${city.name}·全部`, "county", city.code, centre),
    ...spots.flatMap((spot) => [
      division(spot.town, `${spot.names.join("、")}周边`, "town", county, spot),
      division(spot.village, `${spot.names.join("、")}`, "village", spot.town, spot),
    ]),
  ];
  const officers = divisions.map(({ code, name }): Officer => ({ id: `O-${code}`, name: `${name}网格员`, phone: "" }));
  const assignments = divisions.map(
    ({ code }): Assignment => ({ officerId: `O-${code}`, division: code, role: "primary", from: 0, to: null }),
  );
  const villageOf = new Map(spots.flatMap((spot) => spot.names.map((name) => [name, spot.village])));
  return {
    city: { ...city, ...centre },
    divisions,
    areas,
    stations: stations.map((station) => ({ ...station, division: villageOf.get(station.name) ?? county })),
    officers,
    assignments,
    ...{ shifts: [], leaves: [], calendar: [], routing: ROUTING },
    rules,
    policy,
  };
}

/** Devices to the county, for there is no vendor; all else to the village. */
const ROUTING: RoutingTree = {
  version: "synthetic-1",
  routes: [{ name: "devices", when: { kinds: ["device-fault", "offline", "interference"] }, to: { level: "county" } }],
  otherwise: { level: "village" },
};

interface Centre {
  readonly lon: number;
  readonly lat: number;
}

function middleOf(spots: readonly Centre[]): Centre {
  const mean = (of: (spot: Centre) => number) => spots.reduce((sum, spot) => sum + of(spot), 0) / spots.length;
  return { lon: mean((spot) => spot.lon), lat: mean((spot) => spot.lat) };
}

/** Places of stations, those at the same place together, with codes in order of their ids. */
function spotsOf(stations: readonly UnplacedStation[], county: DivisionCode): Spot[] {
  const plane = createLocalPlane(middleOf(stations));
  const spots: Spot[] = [];
  for (const { name, lon, lat } of stations) {
    const [x, y] = plane.toPlane({ lon, lat });
    const same = spots.find((spot) => {
      const [otherX, otherY] = plane.toPlane(spot);
      return Math.hypot(x - otherX, y - otherY) < SAME_PLACE_METRES;
    });
    if (same) {
      same.names.push(name);
      continue;
    }
    if (spots.length >= TOWNS)
      throw new Error(`a recording of more than ${TOWNS} places needs seeds of its own: --seeds`);
    const town = `${county}${String(spots.length + 1).padStart(3, "0")}`;
    spots.push({ lon, lat, town, village: `${town}001`, names: [name] });
  }
  return spots;
}

function areasOf(city: DivisionCode, county: DivisionCode, spots: readonly Spot[]): Map<DivisionCode, Area> {
  const plane = createLocalPlane(middleOf(spots));
  const rings = voronoiRings(
    spots.map((spot) => plane.toPlane(spot)),
    MARGIN_METRES,
  ).map((ring) => ring.map((at) => plane.toDegrees(at)));
  const whole = dissolve(rings);
  const areas = new Map<DivisionCode, Area>([
    [city, whole],
    [county, whole],
  ]);
  for (const [i, spot] of spots.entries()) {
    const area = dissolve(rings.slice(i, i + 1));
    areas.set(spot.town, area);
    areas.set(spot.village, area);
  }
  return areas;
}
