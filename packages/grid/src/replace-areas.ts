import { type DivisionCode, divisionLevel, divisionPrefix } from "@hotgrid/contracts";
import { booleanPointInPolygon } from "@turf/boolean-point-in-polygon";
import { common, type MaybeArea, rounded, unionOf, without, withoutHoles } from "./area-algebra.ts";
import { areaWithin } from "./area-within.ts";
import type { Area, Division } from "./division.ts";
import { spreadInArea } from "./spread-in-area.ts";
import { voronoiAreas } from "./voronoi-areas.ts";

/** Shares of its former shape under which an approximate area is drawn anew instead of cut. Ours. */
const KEEP_SHARE = 0.5;
const WORLD = [-180, -90, 180, 90] as const;

export interface ReplaceAreasInput {
  readonly divisions: readonly Division[];
  /** What is in use. */
  readonly areas: ReadonlyMap<DivisionCode, Area>;
  /** Surveyed areas that replace them, from importBoundaries(). */
  readonly imported: ReadonlyMap<DivisionCode, Area>;
}

export interface ReplacedAreas {
  readonly areas: ReadonlyMap<DivisionCode, Area>;
  /** `approximate` is false where the area was imported, now or before; points that fell outside were moved. */
  readonly divisions: readonly Division[];
  /** Approximate divisions whose area or point had to follow a surveyed one. */
  readonly adapted: readonly DivisionCode[];
}

/** Puts surveyed boundaries in the place of approximate ones, division by division. A surveyed area is never changed.
 *  Approximate ones yield to it: a parent takes in its surveyed children and leaves those of others, and approximate
 *  children share out what their surveyed siblings leave of their parent, so that the levels go on tiling each other.
 *  Where nothing is left they keep their former area, and verifyCoverage() lists the overlap. */
export function replaceAreas({ divisions, areas, imported }: ReplaceAreasInput): ReplacedAreas {
  const work: Work = {
    areas: new Map<DivisionCode, Area>([...areas, ...imported]),
    divisions: new Map(
      divisions.map((division) => [
        division.code,
        imported.has(division.code) ? { ...division, approximate: false } : division,
      ]),
    ),
    children: Map.groupBy(divisions, ({ parent }) => parent),
    adapted: new Set(),
  };
  const surveyed = [...work.divisions.values()].filter(({ approximate }) => !approximate).map(({ code }) => code);
  const former = { before: areas, surveyed: new Set(surveyed) };
  if (imported.size > 0) {
    for (const level of ["town", "county", "city"])
      for (const { code } of divisions.filter((division) => division.level === level)) stretch(code, former, work);
    for (const { code } of divisions.filter(({ level }) => level === "city")) {
      if (!former.surveyed.has(code)) settle(code, withoutHoles(work.areas.get(code) ?? null), work);
      shareOut(code, work);
    }
  }
  return { areas: work.areas, divisions: [...work.divisions.values()], adapted: [...work.adapted] };
}

interface Former {
  readonly before: ReadonlyMap<DivisionCode, Area>;
  readonly surveyed: ReadonlySet<DivisionCode>;
}

interface Work {
  readonly areas: Map<DivisionCode, Area>;
  readonly divisions: Map<DivisionCode, Division>;
  readonly children: ReadonlyMap<DivisionCode | null, readonly Division[]>;
  readonly adapted: Set<DivisionCode>;
}

/** An approximate parent gives up the former places of its surveyed children, takes in their new ones, and leaves to
 *  others what is surveyed as theirs. */
function stretch(code: DivisionCode, { before, surveyed }: Former, work: Work): void {
  const children = work.children.get(code) ?? [];
  const outline = before.get(code);
  if (!work.divisions.get(code)?.approximate || outline === undefined || children.length === 0) return;
  const moved = children.filter((child) => surveyed.has(child.code) || work.adapted.has(child.code));
  const foreign = [...surveyed].filter(
    (other) => !other.startsWith(divisionPrefix(code)) && sameLevel(other, children),
  );
  const left = [...moved.map((child) => before.get(child.code)), ...foreign.map((other) => work.areas.get(other))];
  const own = moved.map((child) => work.areas.get(child.code) ?? null);
  const rest = without(
    outline,
    left.filter((area) => area !== undefined),
  );
  if (left.length > 0) settle(code, unionOf([rest, ...own]), work);
}

const sameLevel = (code: DivisionCode, [sibling]: readonly Division[]): boolean =>
  divisionLevel(code) === sibling?.level;

/** Gives the approximate children of a division what their surveyed siblings leave of it, then theirs, and so on. */
function shareOut(code: DivisionCode, work: Work): void {
  const children = (work.children.get(code) ?? []).map((child) => work.divisions.get(child.code) ?? child);
  const surveyed = children.filter(({ approximate }) => !approximate);
  const rest = children.filter(({ approximate }) => approximate);
  const parent = work.areas.get(code);
  const disturbed = surveyed.length > 0 || work.adapted.has(code) || work.divisions.get(code)?.approximate === false;
  if (rest.length > 0 && parent !== undefined && disturbed) {
    const free = without(
      parent,
      surveyed.map((child) => work.areas.get(child.code) ?? null),
    );
    if (free !== null) divide(free, rest, work);
  }
  for (const child of children) shareOut(child.code, work);
}

/** Cuts the children's shapes to the free area and gives what is left over to whoever's point is nearest; where that
 *  would leave a child with little of its shape, all of them are drawn anew. */
function divide(free: Area, children: readonly Division[], work: Work): void {
  const kept = children.map((child) => common(work.areas.get(child.code) ?? null, free));
  const anew = children.some((child, index) => share(kept[index] ?? null, work.areas.get(child.code)) < KEEP_SHARE);
  const points = anew ? spreadInArea(free, children) : children;
  if (anew)
    for (const [index, { lon, lat }] of points.entries()) {
      const child = children[index];
      if (child !== undefined) work.divisions.set(child.code, { ...child, lon, lat });
    }
  const cells = voronoiAreas(points);
  const leftOver = anew ? free : without(free, kept);
  for (const [index, child] of children.entries()) {
    const extra = common(cells[index] ?? null, leftOver);
    settle(child.code, anew ? extra : unionOf([kept[index] ?? null, extra]), work);
  }
}

const share = (part: MaybeArea, whole: Area | undefined): number =>
  part === null || whole === undefined ? 0 : areaWithin(part, WORLD) / areaWithin(whole, WORLD);

function settle(code: DivisionCode, area: MaybeArea, work: Work): void {
  const after = area === null ? null : rounded(area);
  if (after === null || JSON.stringify(after) === JSON.stringify(work.areas.get(code))) return;
  work.areas.set(code, after);
  work.adapted.add(code);
  const division = work.divisions.get(code);
  if (division === undefined || booleanPointInPolygon([division.lon, division.lat], after)) return;
  const [point] = spreadInArea(after, [division]);
  if (point !== undefined) work.divisions.set(code, { ...division, ...point });
}
