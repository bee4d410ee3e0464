import type { Geography } from "@hotgrid/detection";
import type { Grid } from "@hotgrid/grid";

/** The grid as the detector sees it. */
export function gridGeography(grid: Pick<Grid, "locate" | "divisions">): Geography {
  return {
    locate: (lon, lat) => grid.locate(lon, lat),
    nameOf: (code) => grid.divisions.get(code)?.name ?? code,
  };
}
