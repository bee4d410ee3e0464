import { OBSERVED_PROPERTIES, type ObservedProperty } from "@hotgrid/contracts";
import type { Statistic } from "../reading-store.ts";
import { SHORTEST_RESULTANT } from "../sqlite-readings/rollup-columns.ts";
import type { InfluxRow } from "./influx-connection.ts";

/** Fields of a rollup, as the columns of the embedded store: `readings`, and of each property that was measured its
 *  count `_n` and its sum `_sum` (of wind: of unit vectors `_sin`, `_cos`; of noise: of power `_power`), `_min`, `_max`. */
export type RollupFields = Readonly<Record<string, number>>;

const RADIANS = Math.PI / 180;

/** @param rows raw readings of one interval, in the order of time: the same rows give the same bits */
export function rollUpReadings(rows: readonly InfluxRow[]): RollupFields {
  const fields: Record<string, number> = { readings: rows.length };
  for (const { fields: results } of rows) {
    for (const p of OBSERVED_PROPERTIES) {
      const value = results[p];
      if (value !== undefined) add(fields, p, value);
    }
  }
  return fields;
}

/** @param finer rollups of the parts of one interval, in the order of time */
export function combineRollups(finer: readonly RollupFields[]): RollupFields {
  const fields: Record<string, number> = {};
  for (const part of finer) merge(fields, part);
  return fields;
}

/** An hour with the mean of each property whose mean is arithmetic beside its count and sum: the server averages hours by
 *  it. Made of sums and counts in a subquery it takes the server four times as long. */
export function withMeans(hour: RollupFields): RollupFields {
  const fields: Record<string, number> = { ...hour };
  for (const p of OBSERVED_PROPERTIES) {
    const [count, sum] = [hour[`${p}_n`] ?? 0, hour[`${p}_sum`]];
    if (count > 0 && sum !== undefined) fields[meanField(p)] = sum / count;
  }
  return fields;
}

export const meanField = (p: ObservedProperty): string => `${p}${MEAN}`;
const MEAN = "_mean";

/** Of one property in one interval; undefined where it was not measured in it, null where there is no such statistic. */
export function statisticOf(
  p: ObservedProperty,
  statistic: Statistic,
  fields: RollupFields,
): number | null | undefined {
  const count = fields[`${p}_n`] ?? 0;
  if (count === 0) return undefined;
  if (statistic === "count") return count;
  if (p === "windDirection") return statistic === "mean" ? meanDirection(fields, count) : null;
  if (statistic !== "mean") return fields[`${p}_${statistic}`] ?? null;
  if (p === "noise") return 10 * Math.log10((fields[`${p}_power`] ?? 0) / count);
  return (fields[`${p}_sum`] ?? 0) / count;
}

/** Fields that a statistic needs. */
export function fieldsFor(p: ObservedProperty, statistic: Statistic): readonly string[] {
  if (statistic === "count") return [`${p}_n`];
  if (p === "windDirection") return statistic === "mean" ? [`${p}_n`, `${p}_sin`, `${p}_cos`] : [`${p}_n`];
  if (statistic !== "mean") return [`${p}_n`, `${p}_${statistic}`];
  return [`${p}_n`, p === "noise" ? `${p}_power` : `${p}_sum`];
}

/** Adds one measured value. Written out, because every reading comes through here. */
function add(fields: Record<string, number>, p: ObservedProperty, value: number): void {
  const { n, sum, sin, cos, power, min, max } = NAMES[p];
  const count = fields[n] ?? 0;
  const put = (name: string, part: number) => {
    fields[name] = count === 0 ? part : (fields[name] ?? 0) + part;
  };
  fields[n] = count + 1;
  if (p === "windDirection") {
    put(sin, Math.sin(value * RADIANS));
    put(cos, Math.cos(value * RADIANS));
    return;
  }
  if (p === "noise") put(power, 10 ** (value / 10));
  else put(sum, value);
  fields[min] = count === 0 ? value : Math.min(fields[min] ?? value, value);
  fields[max] = count === 0 ? value : Math.max(fields[max] ?? value, value);
}

const PARTS = ["n", "sum", "sin", "cos", "power", "min", "max"] as const;
type Names = Readonly<Record<(typeof PARTS)[number], string>>;
/** Names of each property's fields. */
const NAMES = Object.fromEntries(
  OBSERVED_PROPERTIES.map((p) => [p, Object.fromEntries(PARTS.map((part) => [part, `${p}_${part}`])) as Names]),
) as Readonly<Record<ObservedProperty, Names>>;

function merge(into: Record<string, number>, part: RollupFields): void {
  for (const [name, value] of Object.entries(part)) {
    // What follows from the rest is not added up.
    if (name.endsWith(MEAN)) continue;
    const before = into[name];
    if (before === undefined) into[name] = value;
    else if (name.endsWith("_min")) into[name] = Math.min(before, value);
    else if (name.endsWith("_max")) into[name] = Math.max(before, value);
    else into[name] = before + value;
  }
}

function meanDirection(fields: RollupFields, count: number): number | null {
  const [sin, cos] = [fields["windDirection_sin"] ?? 0, fields["windDirection_cos"] ?? 0];
  if (Math.hypot(sin, cos) <= SHORTEST_RESULTANT * count) return null;
  return (Math.atan2(sin, cos) / RADIANS + 360) % 360;
}
