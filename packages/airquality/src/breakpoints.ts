/** Individual index at each breakpoint, dimensionless. HJ 633-2026 table 1, as in HJ 633-2012. */
export const IAQI_STEPS = [0, 50, 100, 150, 200, 300, 400, 500] as const;

/** A pollutant with its averaging time. */
export const AQI_ITEMS = [
  "pm25_24h",
  "pm10_24h",
  "so2_24h",
  "so2_1h",
  "no2_24h",
  "no2_1h",
  "co_24h",
  "co_1h",
  "o3_1h",
  "o3_8h",
] as const;
export type AqiItem = (typeof AQI_ITEMS)[number];

export const AQI_STANDARDS = ["HJ 633-2026", "HJ 633-2012"] as const;
export type AqiStandard = (typeof AQI_STANDARDS)[number];

type Table = Readonly<Record<AqiItem, readonly number[]>>;

/** Concentrations at each step: µg/m³, CO mg/m³. HJ 633-2026 table 1. SO2 1 h and O3 8 h end before the last step. */
const TABLE_2026: Table = {
  pm25_24h: [0, 35, 60, 115, 150, 250, 350, 500],
  pm10_24h: [0, 50, 120, 250, 350, 420, 500, 600],
  so2_24h: [0, 50, 150, 475, 800, 1600, 2100, 2620],
  so2_1h: [0, 150, 500, 650, 800],
  no2_24h: [0, 40, 80, 180, 280, 565, 750, 940],
  no2_1h: [0, 100, 200, 700, 1200, 2340, 3090, 3840],
  co_24h: [0, 2, 4, 14, 24, 36, 48, 60],
  co_1h: [0, 5, 10, 35, 60, 90, 120, 150],
  o3_1h: [0, 160, 200, 300, 400, 800, 1000, 1200],
  o3_8h: [0, 100, 160, 215, 265, 800],
};

/** HJ 633-2012 table 1 differs in the second step of particles only. */
const TABLE_2012: Table = {
  ...TABLE_2026,
  pm25_24h: [0, 35, 75, 115, 150, 250, 350, 500],
  pm10_24h: [0, 50, 150, 250, 350, 420, 500, 600],
};

export const BREAKPOINTS: Readonly<Record<AqiStandard, Table>> = {
  "HJ 633-2026": TABLE_2026,
  "HJ 633-2012": TABLE_2012,
};

/** 2026-03-01T00:00 in China, epoch ms: HJ 633-2026 comes into force. */
const IN_FORCE_2026 = Date.UTC(2026, 1, 28, 16);

/** The standard that applies to data measured at a time (epoch ms): old data keep the index of their time. */
export const standardAt = (at: number): AqiStandard => (at >= IN_FORCE_2026 ? "HJ 633-2026" : "HJ 633-2012");
