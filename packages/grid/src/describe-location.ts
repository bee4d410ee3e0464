import type { DivisionCode, Officer } from "@hotgrid/contracts";
import type { Division } from "./division.ts";
import { createDuty, type Duty, type DutyPlan } from "./duty.ts";
import type { Grid } from "./grid.ts";

/** Answer of `hotgrid grid locate`: a point's cells, divisions by name, and who is on duty at each level. */
export interface LocationDescription {
  readonly lon: number;
  readonly lat: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Id of the 500 m cell, and of the 3 km cell that holds it. */
  readonly cell: string;
  readonly coarseCell: string;
  readonly village: PlaceDescription;
  readonly town: PlaceDescription;
  readonly county: PlaceDescription;
  readonly city: PlaceDescription;
}

export interface PlaceDescription {
  readonly code: DivisionCode;
  readonly name: string;
  /** True while the area is generated, so that the answer near its border may be wrong. */
  readonly approximate: boolean;
  /** Null where nobody is there up to the city. `reason` as in DutyFinding. */
  readonly onDuty: {
    readonly officerId: string;
    readonly name: string;
    readonly phone: string;
    readonly division: DivisionCode;
    readonly reason: string;
  } | null;
}

export interface People {
  readonly officers: readonly Officer[];
  readonly plan: DutyPlan;
}

/** @param at epoch ms UTC
 *  @returns null outside the city. */
export function describeLocation(
  grid: Grid,
  people: People,
  point: { readonly lon: number; readonly lat: number },
  at: number,
): LocationDescription | null {
  const place = grid.locate(point.lon, point.lat);
  if (place === null) return null;
  const duty = createDuty(people.plan);
  const describe = (code: DivisionCode): PlaceDescription =>
    describePlace(grid.lineage(code), people.officers, duty, at);
  return {
    lon: point.lon,
    lat: point.lat,
    at: new Date(at).toISOString(),
    cell: place.cells[0],
    coarseCell: place.cells[1],
    village: describe(place.village),
    town: describe(place.town),
    county: describe(place.county),
    city: describe(place.city),
  };
}

function describePlace(
  lineage: readonly Division[],
  officers: readonly Officer[],
  duty: Duty,
  at: number,
): PlaceDescription {
  const division = lineage.at(-1);
  if (division === undefined) throw new RangeError("a lineage holds at least the division itself");
  const { code, name, approximate } = division;
  const found = duty.onDuty(lineage, at);
  if (found.officerId === null) return { code, name, approximate, onDuty: null };
  const officer = officers.find(({ id }) => id === found.officerId);
  return {
    code,
    name,
    approximate,
    onDuty: {
      officerId: found.officerId,
      name: officer?.name ?? "",
      phone: officer?.phone ?? "",
      division: found.division,
      reason: found.reason,
    },
  };
}
