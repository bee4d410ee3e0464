import { type CityCode, cityOf, type DivisionCode } from "@hotgrid/contracts";
import { EARTH_RADIUS_METRES } from "./distance-metres.ts";

/** Sides of the hotspot cells, m. 3 km × 3 km and 500 m: the ministry's hotspot-grid practice. */
export const CELL_METRES = { fine: 500, coarse: 3000 } as const;
const FINE_PER_COARSE = CELL_METRES.coarse / CELL_METRES.fine;
const METRES_PER_DEGREE = (EARTH_RADIUS_METRES * Math.PI) / 180;

/** West, south, east, north in WGS-84 degrees. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** Hotspot cells of one city, all of one size in degrees. Rows count from the equator to the north and columns from
 *  Greenwich to the east, so that ids don't move when boundaries do. A 500 m cell carries the id of its 3 km cell:
 *  `3306-R1113C3870` is 3 km wide, `3306-R1113C3870-25` is the 500 m cell in its row 2 (from the south, from 0) and
 *  column 5 (from the west, from 0). */
export interface CellScheme {
  /** Ids of the 500 m and of the 3 km cell that hold the point. */
  idsAt(lon: number, lat: number): readonly [fine: string, coarse: string];
  /** Throws on an id that is not of this city. */
  bounds(cellId: string): Bounds;
  /** Every cell that a box touches, 500 m ids or 3 km ids. */
  touching(box: Bounds, size: keyof typeof CELL_METRES): Iterable<string>;
}

/** @param referenceLatitude degrees; columns are exactly as wide as stated there, and 1 % wider or narrower some
 *  60 km north or south of 30°. It is rounded to a whole degree, so that moving the city's point by a street does not
 *  renumber its cells. */
export function createCellScheme(city: DivisionCode, referenceLatitude: number): CellScheme {
  const cityCode: CityCode = cityOf(city);
  const stepLat = CELL_METRES.fine / METRES_PER_DEGREE;
  const stepLon = stepLat / Math.cos((Math.round(referenceLatitude) * Math.PI) / 180);
  const pattern = new RegExp(`^${cityCode}-R(-?\\d+)C(-?\\d+)(?:-([0-5])([0-5]))?$`);

  const coarseId = (row: number, column: number): string => `${cityCode}-R${row}C${column}`;
  const fineId = (row: number, column: number): string => {
    const [coarseRow, coarseColumn] = [Math.floor(row / FINE_PER_COARSE), Math.floor(column / FINE_PER_COARSE)];
    const inRow = row - coarseRow * FINE_PER_COARSE;
    return `${coarseId(coarseRow, coarseColumn)}-${inRow}${column - coarseColumn * FINE_PER_COARSE}`;
  };

  return {
    idsAt(lon, lat) {
      const fine = fineId(Math.floor(lat / stepLat), Math.floor(lon / stepLon));
      return [fine, fine.slice(0, fine.lastIndexOf("-"))];
    },
    bounds(cellId) {
      const match = pattern.exec(cellId);
      if (match === null) throw new RangeError(`not a hotspot cell of city ${cityCode}: "${cellId.slice(0, 64)}"`);
      const side = match[3] === undefined ? FINE_PER_COARSE : 1;
      const row = Number(match[1]) * FINE_PER_COARSE + Number(match[3] ?? 0);
      const column = Number(match[2]) * FINE_PER_COARSE + Number(match[4] ?? 0);
      return [column * stepLon, row * stepLat, (column + side) * stepLon, (row + side) * stepLat];
    },
    *touching([west, south, east, north], size) {
      const side = size === "fine" ? 1 : FINE_PER_COARSE;
      const id = size === "fine" ? fineId : coarseId;
      const last = { row: Math.floor(north / stepLat / side), column: Math.floor(east / stepLon / side) };
      for (let row = Math.floor(south / stepLat / side); row <= last.row; row++)
        for (let column = Math.floor(west / stepLon / side); column <= last.column; column++) yield id(row, column);
    },
  };
}
