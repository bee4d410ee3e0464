import type { DivisionCode } from "@hotgrid/contracts";
import type { Position } from "geojson";

export const BOUNDARY_PROBLEMS = [
  "not-geojson",
  "no-code",
  "unknown-code",
  "repeated-code",
  "not-an-area",
  "open-ring",
  "self-crossing",
  "swapped-coordinates",
  "far-away",
  "missing-code",
  "wrong-datum",
] as const;

/** One thing that is wrong with a file of boundaries, for the person who prepares it. */
export interface BoundaryProblem {
  readonly kind: (typeof BOUNDARY_PROBLEMS)[number];
  /** An error leaves the area out; with a warning it is taken. */
  readonly severity: "error" | "warning";
  /** Index in `features`, from 0; null where the whole file is meant. */
  readonly feature: number | null;
  readonly code: DivisionCode | null;
  /** What is wrong and what to do. */
  readonly message: { readonly zh: string; readonly en: string };
}

export type BoundaryFault = Pick<BoundaryProblem, "kind" | "message">;

/** Properties in which boundary files of map services and of the surveying offices carry the code. */
export const CODE_PROPERTIES = ["code", "adcode", "CODE", "ADCODE", "XZQDM", "xzqdm", "区划代码", "代码"] as const;
/** @param what the code, or what stands in its place
 *  @param at where in the file */
export function fault(kind: keyof typeof FAULTS, what: string | null, at?: Position): BoundaryFault {
  const place = at === undefined ? "" : ` (${at[0]} ${at[1]})`;
  const { zh, en } = FAULTS[kind];
  return { kind, message: { zh: `${what ?? ""}${place}:${zh}`, en: `${what ?? ""}${place}: ${en}` } };
}

const FAULTS = {
  "no-code": {
    zh: `没有区划代码,请放入属性 ${CODE_PROPERTIES.join("、")} 之一`,
    en: `no division code: give it in one of the properties ${CODE_PROPERTIES.join(", ")}`,
  },
  "unknown-code": {
    zh: "未登记的区划代码,请先更新 divisions.csv",
    en: "unknown division: add it to divisions.csv first",
  },
  "repeated-code": {
    zh: "区划重复,请合并为一个 MultiPolygon",
    en: "a second area of this division: join them into one MultiPolygon",
  },
  "not-an-area": { zh: "不是 Polygon 或 MultiPolygon", en: "not a Polygon or MultiPolygon" },
  "open-ring": {
    zh: "环未闭合或少于四点,首尾坐标须相同",
    en: "a ring is open or has fewer than four positions: repeat the first one at its end",
  },
  "self-crossing": {
    zh: "边界自相交,请在制图软件中修复",
    en: "a ring crosses itself: repair it in a mapping program",
  },
  "swapped-coordinates": {
    zh: "经纬度似乎颠倒,GeoJSON 为先经后纬",
    en: "looks swapped: GeoJSON gives longitude first",
  },
  "far-away": {
    zh: "距该区划 60 公里以上,代码或坐标有误",
    en: "over 60 km from this division: wrong code or coordinates",
  },
} as const;
