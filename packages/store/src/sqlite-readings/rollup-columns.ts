import { OBSERVED_PROPERTIES, type ObservedProperty } from "@hotgrid/contracts";
import type { Statistic } from "../reading-store.ts";

/** A column of the rollup tables, and the SQL that fills it from raw readings or from a finer rollup. */
export interface RollupColumn {
  readonly name: string;
  readonly type: "INTEGER" | "REAL";
  readonly fromRaw: string;
  readonly fromFiner: string;
}

/** Sums rather than means are kept, so that an hour follows from its twelve parts exactly as weighted. */
function rollupColumns(p: ObservedProperty): readonly RollupColumn[] {
  const count = column(`${p}_n`, "INTEGER", `count(${p})`, "sum");
  const extremes = [column(`${p}_min`, "REAL", `min(${p})`, "min"), column(`${p}_max`, "REAL", `max(${p})`, "max")];
  switch (p) {
    case "windDirection":
      return [
        count,
        column(`${p}_sin`, "REAL", `sum(sin(radians(${p})))`, "sum"),
        column(`${p}_cos`, "REAL", `sum(cos(radians(${p})))`, "sum"),
      ];
    case "noise":
      return [count, column(`${p}_power`, "REAL", `sum(pow(10, ${p} / 10))`, "sum"), ...extremes];
    default:
      return [count, column(`${p}_sum`, "REAL", `sum(${p})`, "sum"), ...extremes];
  }
}

export const ROLLUP_COLUMNS: readonly RollupColumn[] = [
  { name: "readings", type: "INTEGER", fromRaw: "count(*)", fromFiner: "sum(readings)" },
  ...OBSERVED_PROPERTIES.flatMap(rollupColumns),
];

/** Shortest mean unit vector that still points somewhere, dimensionless; below it, rounding decides. Ours. */
export const SHORTEST_RESULTANT = 1e-6;

/** SQL of a statistic over one rollup row; NULL where the property was not measured in it. */
export function statisticOf(p: ObservedProperty, statistic: Statistic): string {
  if (statistic === "count") return `nullif(${p}_n, 0)`;
  if (p === "windDirection") return statistic === "mean" ? meanDirection(p) : "NULL";
  if (statistic !== "mean") return `${p}_${statistic}`;
  return p === "noise" ? `10 * log10(${p}_power / ${p}_n)` : `${p}_sum / ${p}_n`;
}

function meanDirection(p: ObservedProperty): string {
  const resultant = `sqrt(${p}_sin * ${p}_sin + ${p}_cos * ${p}_cos)`;
  const direction = `mod(degrees(atan2(${p}_sin, ${p}_cos)) + 360, 360)`;
  return `CASE WHEN ${resultant} > ${SHORTEST_RESULTANT} * ${p}_n THEN ${direction} END`;
}

function column(
  name: string,
  type: RollupColumn["type"],
  fromRaw: string,
  combine: "sum" | "min" | "max",
): RollupColumn {
  return { name, type, fromRaw, fromFiner: `${combine}(${name})` };
}
