import { z } from "zod";

/** What a station can observe. Names follow the glossary; the id is the field of the MQTT payload. */
export const OBSERVED_PROPERTIES = [
  "pm25",
  "pm10",
  "tsp",
  "no2",
  "so2",
  "co",
  "o3",
  "tvoc",
  "nh3",
  "h2s",
  "temperature",
  "relativeHumidity",
  "pressure",
  "windSpeed",
  "windDirection",
  "noise",
] as const;

export const ObservedProperty = z.enum(OBSERVED_PROPERTIES);
export type ObservedProperty = z.infer<typeof ObservedProperty>;

export interface PropertyDefinition {
  readonly zh: string;
  readonly en: string;
  readonly unit: string;
  /** Acceptance bounds in `unit`, both inclusive: outside them no instrument of this kind can have measured
   *  the value, so that the gateway dead-letters the reading. Quality control narrows them later with flags.
   *  No official source gives such bounds; ours, wide on purpose. */
  readonly min: number;
  readonly max: number;
  /** Decimals worth showing. */
  readonly decimals: number;
}

/** Lower bounds below zero are the electrochemical sensors' known negative drift (detection.md, range fail). */
export const PROPERTY_DEFINITIONS: Readonly<Record<ObservedProperty, PropertyDefinition>> = {
  pm25: { zh: "PM2.5", en: "PM2.5", unit: "µg/m³", min: 0, max: 5000, decimals: 0 },
  pm10: { zh: "PM10", en: "PM10", unit: "µg/m³", min: 0, max: 10_000, decimals: 0 },
  tsp: { zh: "总悬浮颗粒物", en: "TSP", unit: "µg/m³", min: 0, max: 30_000, decimals: 0 },
  no2: { zh: "二氧化氮", en: "NO₂", unit: "µg/m³", min: -20, max: 4000, decimals: 0 },
  so2: { zh: "二氧化硫", en: "SO₂", unit: "µg/m³", min: -30, max: 10_000, decimals: 0 },
  co: { zh: "一氧化碳", en: "CO", unit: "mg/m³", min: -0.5, max: 200, decimals: 1 },
  o3: { zh: "臭氧", en: "O₃", unit: "µg/m³", min: -20, max: 2000, decimals: 0 },
  tvoc: { zh: "总挥发性有机物", en: "TVOC", unit: "mg/m³", min: 0, max: 500, decimals: 2 },
  nh3: { zh: "氨", en: "NH₃", unit: "µg/m³", min: 0, max: 50_000, decimals: 0 },
  h2s: { zh: "硫化氢", en: "H₂S", unit: "µg/m³", min: 0, max: 50_000, decimals: 1 },
  temperature: { zh: "气温", en: "Temperature", unit: "°C", min: -60, max: 80, decimals: 1 },
  relativeHumidity: { zh: "相对湿度", en: "Relative humidity", unit: "%", min: 0, max: 110, decimals: 0 },
  pressure: { zh: "气压", en: "Pressure", unit: "hPa", min: 300, max: 1100, decimals: 0 },
  windSpeed: { zh: "风速", en: "Wind speed", unit: "m/s", min: 0, max: 100, decimals: 1 },
  windDirection: { zh: "风向", en: "Wind direction", unit: "°", min: 0, max: 360, decimals: 0 },
  noise: { zh: "噪声", en: "Noise", unit: "dB(A)", min: 0, max: 200, decimals: 0 },
};
