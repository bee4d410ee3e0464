import type { DivisionCode } from "@hotgrid/contracts";
import type { FeatureCollection } from "geojson";
import type { Area, Division } from "./division.ts";

/** The content of an areas.geojson, as readSeeds() reads it back (with the points, which an import may have moved). */
export function areasFile(
  divisions: readonly Division[],
  areas: ReadonlyMap<DivisionCode, Area>,
): FeatureCollection<Area, { code: DivisionCode; approximate: boolean; point: [lon: number, lat: number] }> {
  return {
    type: "FeatureCollection",
    features: divisions.flatMap(({ code, approximate, lon, lat }) => {
      const geometry = areas.get(code);
      if (geometry === undefined) return [];
      return [{ type: "Feature", properties: { code, approximate, point: [lon, lat] }, geometry }];
    }),
  };
}
