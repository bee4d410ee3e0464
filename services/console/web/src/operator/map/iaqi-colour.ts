import { AQI_CATEGORIES, type AqiCategory, type AqiItem, categoryOf, iaqi, standardAt } from "@hotgrid/airquality";
import type { ObservedProperty } from "@hotgrid/contracts";

/** The column of the standard that colours a reading: the real-time report reads particles in the 24 h column, gases in
 *  that of 1 h (HJ 633). A reading of a minute is not an hour's mean: the colour is an orientation, not a report. */
const COLUMNS = {
  pm25: "pm25_24h",
  pm10: "pm10_24h",
  no2: "no2_1h",
  so2: "so2_1h",
  co: "co_1h",
  o3: "o3_1h",
} as const satisfies Partial<Record<ObservedProperty, AqiItem>>;

export type ColouredProperty = keyof typeof COLUMNS;
export const COLOURED_PROPERTIES = Object.keys(COLUMNS) as readonly ColouredProperty[];

/** Of a value in the property's unit measured at `at` (epoch ms). Null for no value, and beyond the standard's columns;
 *  electrochemical sensors drift a little below zero, which counts as zero. */
export function readingCategory(property: ColouredProperty, value: number | undefined, at: number): AqiCategory | null {
  if (value === undefined) return null;
  const index = iaqi(COLUMNS[property], Math.max(0, value), standardAt(at));
  return index === null ? null : categoryOf(index);
}

export const LEGEND = AQI_CATEGORIES;
/** Offline, or no reading of this property. */
export const NO_READING_COLOUR = "#8b95a3";
