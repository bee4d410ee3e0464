import type { AqiItem, AqiStandard } from "./breakpoints.ts";
import { type AqiCategory, categoryOf } from "./categories.ts";
import { iaqi } from "./iaqi.ts";

export const POLLUTANTS = ["pm25", "pm10", "so2", "no2", "co", "o3"] as const;
export type Pollutant = (typeof POLLUTANTS)[number];

/** Which column each pollutant reads. In the real-time report the 1 h mean of particles reads the 24 h column; the
 *  daily report takes the day's highest 8 h mean of ozone. */
const ITEMS: Readonly<Record<AqiReport, Readonly<Record<Pollutant, AqiItem>>>> = {
  "real-time": { pm25: "pm25_24h", pm10: "pm10_24h", so2: "so2_1h", no2: "no2_1h", co: "co_1h", o3: "o3_1h" },
  daily: { pm25: "pm25_24h", pm10: "pm10_24h", so2: "so2_24h", no2: "no2_24h", co: "co_24h", o3: "o3_8h" },
};
export type AqiReport = "real-time" | "daily";

export interface Aqi {
  /** Highest individual index, null where none could be computed. */
  readonly aqi: number | null;
  /** False where it must be published as NA: a pollutant is missing and the rest stays at 100 or below, so that the
   *  missing one could decide (HJ 633-2026). */
  readonly publishable: boolean;
  readonly iaqi: Readonly<Record<Pollutant, number | null>>;
  /** 首要污染物: those with the highest index when it is above 50, ties all listed. */
  readonly primary: readonly Pollutant[];
  readonly category: AqiCategory | null;
}

/** AQI of concentrations in µg/m³, CO in mg/m³; what was not measured is left out. */
export function aqi(
  report: AqiReport,
  concentrations: Readonly<Partial<Record<Pollutant, number>>>,
  standard: AqiStandard,
): Aqi {
  const of = (pollutant: Pollutant): number | null =>
    iaqi(ITEMS[report][pollutant], concentrations[pollutant] ?? Number.NaN, standard);
  const each = { pm25: of("pm25"), pm10: of("pm10"), so2: of("so2"), no2: of("no2"), co: of("co"), o3: of("o3") };
  const known = POLLUTANTS.flatMap((pollutant) => each[pollutant] ?? []);
  const highest = known.length === 0 ? null : Math.max(...known);
  const complete = known.length === POLLUTANTS.length || standard === "HJ 633-2012";
  return {
    aqi: highest,
    publishable: highest !== null && (complete || highest > 100),
    iaqi: each,
    primary: highest !== null && highest > 50 ? POLLUTANTS.filter((pollutant) => each[pollutant] === highest) : [],
    category: highest === null ? null : categoryOf(highest),
  };
}
