import { isAreaValid, isSpanValid } from "@hotgrid/airquality";
import { PROPERTY_DEFINITIONS, type RankedProperty, type RankingView, type Station } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import type { HourlyMeans } from "@hotgrid/store";
import { ranked } from "../core/ranked.ts";
import { divisionNames } from "./division-names.ts";

export interface RankingFacts {
  readonly property: RankedProperty;
  /** In the span. */
  readonly hours: number;
  /** That are ranked. */
  readonly stations: readonly Station[];
  /** Of their valid hours. */
  readonly means: ReadonlyMap<string, HourlyMeans>;
}

/** Digits of a town's code. */
const TOWN_DIGITS = 9;

type Rows = Pick<RankingView, "towns" | "stations">;

/** A town's mean is the mean of its stations with a valid one (HJ 663-2013: of an area, the arithmetic mean of its
 *  points), so that a station that reports more often weighs no more. */
export function rankingRows({ property, hours, stations, means }: RankingFacts, grid: Grid): Rows {
  // A decimal more than is shown elsewhere: two towns of a city often differ by less than 1 µg/m³.
  const scale = 10 ** (PROPERTY_DEFINITIONS[property].decimals + 1);
  const rounded = (value: number) => Math.round(value * scale) / scale;
  const points = stations.map(({ id, name, division }) => {
    const found = means.get(id);
    const valid = isSpanValid(found?.hours ?? 0, hours);
    return { id, name, division, mean: found?.mean ?? null, coverage: (found?.hours ?? 0) / hours, valid };
  });
  const towns = [...Map.groupBy(points, ({ division }) => division.slice(0, TOWN_DIGITS))].map(([division, its]) => {
    const valid = its.flatMap(({ valid, mean }) => (valid && mean !== null ? [mean] : []));
    return {
      ...{ division, divisionNames: divisionNames(grid, division) },
      mean: valid.length > 0 ? rounded(average(valid)) : null,
      coverage: share(average(its.map(({ coverage }) => coverage))),
      ...{ stationCount: its.length, validStationCount: valid.length },
    };
  });
  const rows = points.map(({ id: stationId, name, division, mean, coverage, valid }) => ({
    ...{ stationId, name, division, divisionNames: divisionNames(grid, division), coverage: share(coverage), valid },
    mean: mean === null ? null : rounded(mean),
  }));
  return {
    towns: [
      ...ranked(towns, ({ mean, stationCount, validStationCount }) =>
        isAreaValid(validStationCount, stationCount) ? mean : null,
      ),
    ],
    stations: ranked(rows, ({ mean, valid }) => (valid ? mean : null)).map(({ valid: _valid, ...row }) => row),
  };
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (value: number): number => Math.round(value * 1000) / 1000;
