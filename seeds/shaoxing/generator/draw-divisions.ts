import type { DivisionCode } from "@hotgrid/contracts";
import {
  type Area,
  createLocalPlane,
  dissolve,
  type LocalPlane,
  nearest,
  signedArea,
  spreadPoints,
  voronoiRings,
  type XY,
} from "@hotgrid/grid";
import { fenceAround, LATTICE_METRES, lattice } from "./fence.ts";
import type { Fact } from "./read-facts.ts";
import { near, type Site, straysOf } from "./sites.ts";

/** Villages closer than this are taken for one address geocoded twice: the second is spread instead. m, ours. */
const SAME_PLACE_METRES = 150;
/** Villages stand closer in the middle of a town: weight e^(-d / this) over a floor. m and dimensionless, ours. */
const TOWN_CORE_METRES = 2500;
const COUNTRYSIDE_WEIGHT = 0.15;

/** Towns that border on each other while their points are so far apart that a third one would come between and split
 *  the county: the way between them belongs to the first. */
const BORDERS: readonly (readonly [DivisionCode, DivisionCode])[] = [["330603008", "330603105"]];

export interface Drawing {
  /** WGS-84 point of every town and village. */
  readonly points: ReadonlyMap<DivisionCode, readonly [lon: number, lat: number]>;
  readonly areas: ReadonlyMap<DivisionCode, Area>;
  /** Villages whose known point was not used, because it lies apart from its town or on another village. */
  readonly dropped: readonly DivisionCode[];
}

/** Areas from points alone. Every village gets a Voronoi cell; a town is the union of its villages and a county of its
 *  towns, so that each level tiles the one above to the last bit. The city ends half-way to a fence of points. */
export function drawDivisions(facts: readonly Fact[], random: () => number): Drawing {
  const plane = createLocalPlane({ lon: 120.7, lat: 30 });
  const known = knownSites(facts, plane);
  const coarse = regionsOf([...known.sites, ...borders(known.sites)], random);

  const villages: Site[] = [];
  for (const town of facts.filter((fact) => fact.level === "town"))
    villages.push(...settle(town, facts, known.sites, coarse.samples.get(town.code) ?? [], random));

  const fence = coarse.outside;
  const rings = voronoiRings([...villages.map(({ at }) => at), ...fence], LATTICE_METRES).map((ring) =>
    degreesRing(ring.map(plane.toDegrees)),
  );
  const areas = new Map<DivisionCode, Area>();
  for (const { code } of facts.toSorted((a, b) => a.code.length - b.code.length || (a.code < b.code ? -1 : 1))) {
    const prefix = code.endsWith("00") && code.length === 6 ? code.slice(0, 4) : code;
    areas.set(code, dissolve(rings.filter((_, index) => villages[index]?.code.startsWith(prefix))));
  }
  const points = new Map(
    [...known.sites.filter(({ code, town }) => code === town), ...villages].map(({ code, at }) => [
      code,
      plane.toDegrees(at),
    ]),
  );
  return { points, areas, dropped: known.dropped };
}

/** Corners that fall together in rounding become one; what is left is counter-clockwise. */
function degreesRing(ring: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const distinct = ring.filter(([lon, lat], index) => {
    const [lonBefore, latBefore] = ring.at(index - 1) ?? [];
    return lon !== lonBefore || lat !== latBefore;
  });
  if (signedArea(distinct) <= 0) throw new RangeError(`a cell folds over in rounding near ${distinct[0]?.join(" ")}`);
  return distinct;
}

function knownSites(facts: readonly Fact[], plane: LocalPlane): { sites: Site[]; dropped: DivisionCode[] } {
  const sites: Site[] = [];
  const dropped: DivisionCode[] = [];
  for (const { code, level, parent, point } of facts) {
    if (point === null || parent === null || (level !== "town" && level !== "village")) continue;
    const at = plane.toPlane(point);
    const same = sites.some((site) => site.code !== site.town && near(site.at, at, SAME_PLACE_METRES));
    if (same && level === "village") dropped.push(code);
    else sites.push({ at, code, town: level === "town" ? code : parent });
  }
  for (let strays = straysOf(sites); strays.length > 0; strays = straysOf(sites))
    for (const stray of strays) dropped.push(...sites.splice(sites.indexOf(stray), 1).map(({ code }) => code));
  return { sites, dropped };
}

function borders(sites: readonly Site[]): Site[] {
  const at = (code: DivisionCode): XY => sites.find((site) => site.code === code)?.at ?? [0, 0];
  return BORDERS.flatMap(([from, to]) =>
    [0.25, 0.5].map((share): Site => {
      const [[x, y], [toX, toY]] = [at(from), at(to)];
      return { code: from, town: from, at: [x + (toX - x) * share, y + (toY - y) * share] };
    }),
  );
}

interface Regions {
  /** Lattice points by town. */
  readonly samples: ReadonlyMap<DivisionCode, readonly XY[]>;
  /** Lattice points just outside the city. */
  readonly outside: readonly XY[];
}

/** To which town each point of a fine lattice belongs, by the nearest known site or fence point. */
function regionsOf(sites: readonly Site[], random: () => number): Regions {
  const { fence, near: nearFence } = fenceAround(
    sites.map(({ at }) => at),
    random,
  );
  const places = [...sites.map(({ at }) => at), ...fence];
  const samples = new Map<DivisionCode, XY[]>();
  const outside: XY[] = [];
  for (const at of lattice(places, LATTICE_METRES, random)) {
    const town = sites[nearest(at, places)]?.town;
    if (town === undefined) outside.push(at);
    else samples.set(town, [...(samples.get(town) ?? []), at]);
  }
  return { samples, outside: nearFence(outside, [...samples.values()].flat()) };
}

function settle(
  town: Fact,
  facts: readonly Fact[],
  sites: readonly Site[],
  lattice: readonly XY[],
  random: () => number,
): Site[] {
  const fixed = sites.filter((site) => site.town === town.code && site.code !== town.code);
  const settled = new Set(fixed.map(({ code }) => code));
  const free = facts.filter(({ parent, code }) => parent === town.code && !settled.has(code));
  const centre = sites.find(({ code }) => code === town.code)?.at ?? [0, 0];
  const samples = lattice.map((at) => ({
    at,
    weight: COUNTRYSIDE_WEIGHT + Math.exp(-Math.hypot(at[0] - centre[0], at[1] - centre[1]) / TOWN_CORE_METRES),
  }));
  const places = spreadPoints(
    samples,
    fixed.map(({ at }) => at),
    free.length,
    random,
  );
  return [...fixed, ...free.map(({ code }, index) => ({ code, town: town.code, at: places[index] ?? centre }))];
}
