import { coversDivision, type DivisionCode, type DivisionLevel, type Station } from "@hotgrid/contracts";
import { cellsOfVillages, type TilingFlaw } from "./cells-of-villages.ts";
import type { Division } from "./division.ts";
import { createDuty, type Duty, type DutyPlan } from "./duty.ts";
import type { Span } from "./duty-calendar.ts";
import { type DutyGap, dutyGaps } from "./duty-gaps.ts";
import type { Grid } from "./grid.ts";

/** A place for which nobody is responsible at one level (no-officer), or for which nobody at all would be asked,
 *  because everybody up to the city is away (nobody-asked). */
export interface CoverageHole {
  readonly reason: "no-officer" | "nobody-asked" | "station-outside-city";
  readonly level: DivisionLevel;
  /** Null where the place belongs to no division at all. */
  readonly division: DivisionCode | null;
  readonly name: string;
  /** Ids of the 500 m cells that are concerned, and of the stations. */
  readonly cells: readonly string[];
  readonly stations: readonly string[];
  /** When, epoch ms UTC; half-open. */
  readonly spans: readonly Span[];
  readonly remedy: { readonly zh: string; readonly en: string };
}

/** Not a hole, since somebody is found all the same, but worth a correction. */
export type CoverageWarning =
  | (TilingFlaw & { readonly remedy: CoverageHole["remedy"] })
  | {
      readonly kind: "station-division";
      readonly stationId: string;
      readonly registered: DivisionCode;
      readonly located: DivisionCode;
      readonly remedy: CoverageHole["remedy"];
    }
  /** Everybody of the division is away; the level above is asked. */
  | {
      readonly kind: "away";
      readonly division: DivisionCode;
      readonly spans: readonly Span[];
      readonly remedy: CoverageHole["remedy"];
    }
  /** Shifts go by working days, and the calendar knows none of the year's holidays. */
  | { readonly kind: "unknown-year"; readonly year: number; readonly remedy: CoverageHole["remedy"] };

export interface CoverageReport {
  /** What was looked at, epoch ms UTC, half-open. */
  readonly from: number;
  readonly to: number;
  readonly checked: {
    readonly divisions: number;
    readonly fineCells: number;
    readonly coarseCells: number;
    readonly stations: number;
  };
  readonly holes: readonly CoverageHole[];
  readonly warnings: readonly CoverageWarning[];
}

/** How far ahead a city is to be covered before its system starts, ms. Ours: 30 days, a month's roster. */
export const COVERED_AHEAD_MS = 30 * 86_400_000;

/** Proves that every cell of the city, in every part of it, and every station has an officer in term at all four
 *  levels, and somebody to be asked, at every moment of a span; or lists where and when not. A deputy or a shift
 *  counts; a fallback to the level above does not. Asked at the moments of change, which proves those between. */
export function verifyCoverage(
  grid: Grid,
  stations: readonly Station[],
  plan: DutyPlan,
  { from, to }: Span,
): CoverageReport {
  const { fine, coarse, flaws } = cellsOfVillages(grid);
  const duty = createDuty(plan);
  const located = stations.map((station) => ({ station, place: grid.locate(station.lon, station.lat) }));
  const gaps = dutyGaps(duty, grid, { from, to });
  const deep = gaps.filter(({ reason }) => reason !== "away");
  const cells = deep.length === 0 ? new Map<DivisionCode, ReadonlySet<string>>() : cellsByDivision(grid, fine);
  const holes = deep.map(({ division, reason, spans }): CoverageHole => {
    const inside = located.filter(({ place }) => place !== null && coversDivision(division.code, place.village));
    return {
      reason: reason === "nobody-asked" ? "nobody-asked" : "no-officer",
      level: division.level,
      division: division.code,
      name: division.name,
      cells: [...(cells.get(division.code) ?? [])],
      stations: inside.map(({ station }) => station.id),
      spans,
      remedy: reason === "nobody-asked" ? callSomebodyBack(division) : appointSomebody(division),
    };
  });
  const outside = located.filter(({ place }) => place === null).map(({ station }) => station);
  return {
    from,
    to,
    checked: {
      divisions: grid.divisions.size,
      fineCells: fine.size,
      coarseCells: coarse.size,
      stations: stations.length,
    },
    holes: [...holes, ...outside.map((station) => outsideHole(station, grid, { from, to }))],
    warnings: [
      ...flaws.map((flaw) => ({ ...flaw, remedy: CORRECT_BOUNDARIES })),
      ...misregistered(located),
      ...gaps.filter(({ reason }) => reason === "away").map(awayWarning),
      ...unknownYears(plan, duty, { from, to }),
    ],
  };
}

function cellsByDivision(
  grid: Grid,
  fine: ReadonlyMap<string, readonly DivisionCode[]>,
): ReadonlyMap<DivisionCode, ReadonlySet<string>> {
  const cells = new Map([...grid.divisions.keys()].map((code) => [code, new Set<string>()]));
  for (const [cell, villages] of fine)
    for (const village of villages) for (const { code } of grid.lineage(village)) cells.get(code)?.add(cell);
  return cells;
}

const appointSomebody = ({ code, name }: Division): CoverageHole["remedy"] => ({
  zh: `为${name}(${code})指定在任网格员或网格长(assignments.csv 或 hotgrid officers import)`,
  en: `appoint somebody in term for ${name} (${code}): assignments.csv or \`hotgrid officers import\``,
});

const callSomebodyBack = ({ code, name }: Division): CoverageHole["remedy"] => ({
  zh: `${name}(${code})及上级人员届时全部请假,为其中一人指定替班(leaves.csv 或 hotgrid rosters import)`,
  en: `everybody of ${name} (${code}) and above is on leave then: name a substitute (leaves.csv or \`hotgrid rosters import\`)`,
});

const awayWarning = ({ division: { code, name }, spans }: DutyGap): CoverageWarning => ({
  kind: "away",
  division: code,
  spans,
  remedy: {
    zh: `${name}(${code})人员届时请假,工单将派往上级;可指定替班`,
    en: `the people of ${name} (${code}) are on leave then, tickets go a level up: name a substitute`,
  },
});

/** Weekdays' names need no calendar. */
function unknownYears({ shifts }: DutyPlan, { calendar }: Duty, span: Span): CoverageWarning[] {
  if (!shifts.some(({ days }) => days.some((day) => day.endsWith("day")))) return [];
  return calendar.unknownYears(span).map((year) => ({
    kind: "unknown-year",
    year,
    remedy: {
      zh: `日历没有 ${year} 年的节假日和调休,按周一至周五为工作日计;公布后补入 calendar.csv`,
      en: `the calendar has no holidays of ${year}, Monday to Friday count as working days: add them to calendar.csv once published`,
    },
  }));
}

const CORRECT_BOUNDARIES: CoverageHole["remedy"] = {
  zh: "村社范围未铺满或有重叠,空隙归最近的村社;用 hotgrid grid import 更正界线",
  en: "the villages leave a gap (which goes to the nearest village) or overlap: correct them with `hotgrid grid import`",
};

const outsideHole = ({ id, name, lon, lat }: Station, grid: Grid, span: Span): CoverageHole => ({
  reason: "station-outside-city",
  level: "village",
  division: null,
  name,
  cells: [grid.cells.idsAt(lon, lat)[0]],
  stations: [id],
  spans: [span],
  remedy: {
    zh: `站点 ${id} 的坐标 ${lon} ${lat} 不在本市范围内:检查经纬度是否颠倒、是否为 GCJ-02`,
    en: `station ${id} at ${lon} ${lat} lies outside the city: check for swapped coordinates or GCJ-02`,
  },
});

function misregistered(
  located: readonly { readonly station: Station; readonly place: ReturnType<Grid["locate"]> }[],
): CoverageWarning[] {
  return located.flatMap(({ station, place }) => {
    if (place === null || coversDivision(station.division, place.village)) return [];
    const { id: stationId, division: registered } = station;
    const remedy = {
      zh: `站点 ${stationId} 登记在 ${registered},实际位于 ${place.village}:更正登记`,
      en: `station ${stationId} is registered in ${registered} but stands in ${place.village}: correct the registration`,
    };
    return [{ kind: "station-division" as const, stationId, registered, located: place.village, remedy }];
  });
}
