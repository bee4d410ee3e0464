import type { DivisionCode } from "@hotgrid/contracts";
import { booleanPointInPolygon } from "@turf/boolean-point-in-polygon";
import type { BoundaryProblem } from "./boundary-problem.ts";
import type { Area, Division } from "./division.ts";
import { gcj02ToWgs84 } from "./gcj02.ts";

/** McNemar's statistic over the points that only one of the two datums puts into their area, in standard deviations.
 *  2: a chance of one in forty to doubt a file that is right. */
const SUSPICIOUS = 2;

/** Doubts the datum when clearly more published points of the divisions (of an area's own and of all below it) would lie where
 *  they belong under the other one. The shift of 500 m moves only the points near a border, so that a single county
 *  can't be judged, and a warning is all that this is. */
export function datumDoubt(
  areas: ReadonlyMap<DivisionCode, Area>,
  divisions: readonly Division[],
  crs: "GCJ-02" | "WGS-84",
): BoundaryProblem[] {
  let onlyAsGiven = 0;
  let onlyOtherwise = 0;
  for (const { code, lon, lat, pointKnown } of divisions) {
    if (!pointKnown) continue;
    const shifted = otherDatum(lon, lat, crs);
    for (const within of [code, code.slice(0, 9), code.slice(0, 6)]) {
      const area = areas.get(within);
      if (area === undefined) continue;
      const asGiven = booleanPointInPolygon([lon, lat], area);
      if (asGiven === booleanPointInPolygon(shifted, area)) break;
      if (asGiven) onlyAsGiven++;
      else onlyOtherwise++;
      break;
    }
  }
  if (onlyOtherwise - onlyAsGiven < SUSPICIOUS * Math.sqrt(onlyOtherwise + onlyAsGiven)) return [];
  if (onlyOtherwise === 0) return [];
  const other = crs === "GCJ-02" ? "WGS-84" : "GCJ-02";
  const message = {
    zh: `${onlyOtherwise} 个区划点只有按 ${other} 才落在所属范围内,只有按 ${crs} 才落入的仅 ${onlyAsGiven} 个:请核实坐标系`,
    en: `${onlyOtherwise} points lie where they belong only under ${other}, ${onlyAsGiven} only under ${crs}: check the datum`,
  };
  return [{ kind: "wrong-datum", severity: "warning", feature: null, code: null, message }];
}

/** To see an area under the other datum it is enough to shift the point the other way. */
function otherDatum(lon: number, lat: number, crs: "GCJ-02" | "WGS-84"): [lon: number, lat: number] {
  const [back, down] = gcj02ToWgs84(lon, lat);
  return crs === "GCJ-02" ? [back, down] : [2 * lon - back, 2 * lat - down];
}
