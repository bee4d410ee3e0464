import { columnsOf, type Format, measured, type ParsedRow, resultsOf } from "./format.ts";

/** Beijing Multi-Site Air Quality, UCI (Zhang et al. 2017, doi:10.24432/C5RK5G, CC BY 4.0): hourly, local time. CO is in
 *  µg/m³ there. Coordinates are not in the files: approximate WGS-84 of the stations of the Beijing municipal network. */
export const BEIJING_STATIONS: Readonly<Record<string, { readonly lon: number; readonly lat: number }>> = {
  Aotizhongxin: { lon: 116.397, lat: 39.982 },
  Changping: { lon: 116.234, lat: 40.217 },
  Dingling: { lon: 116.22, lat: 40.292 },
  Dongsi: { lon: 116.417, lat: 39.929 },
  Guanyuan: { lon: 116.339, lat: 39.929 },
  Gucheng: { lon: 116.184, lat: 39.914 },
  Huairou: { lon: 116.628, lat: 40.328 },
  Nongzhanguan: { lon: 116.461, lat: 39.937 },
  Shunyi: { lon: 116.655, lat: 40.127 },
  Tiantan: { lon: 116.407, lat: 39.886 },
  Wanliu: { lon: 116.287, lat: 39.987 },
  Wanshouxigong: { lon: 116.352, lat: 39.878 },
};

const BEIJING_OFFSET_MS = 8 * 3_600_000;
const COMPASS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"];
const TIME_COLUMNS = ["year", "month", "day", "hour"] as const;
const VALUE_COLUMNS = [
  "PM2.5",
  "PM10",
  "SO2",
  "NO2",
  "CO",
  "O3",
  "TEMP",
  "PRES",
  "DEWP",
  "wd",
  "WSPM",
  "station",
] as const;

export const uciBeijing: Format = {
  utcOffset: "+08:00",
  rowsOf(header) {
    const at = columnsOf(header, [...TIME_COLUMNS, ...VALUE_COLUMNS]);
    const columns = [
      { property: "pm25", at: at["PM2.5"] },
      { property: "pm10", at: at.PM10 },
      { property: "so2", at: at.SO2 },
      { property: "no2", at: at.NO2 },
      { property: "co", at: at.CO, convert: (microgram: number) => microgram / 1000 },
      { property: "o3", at: at.O3 },
      { property: "temperature", at: at.TEMP },
      { property: "pressure", at: at.PRES },
      { property: "windSpeed", at: at.WSPM },
    ] as const;
    return (row): ParsedRow => {
      if (row.length !== header.length) return "wrong-columns";
      const stationId = row[at.station] ?? "";
      if (!(stationId in BEIJING_STATIONS)) return "bad-station";
      const time = localTime(TIME_COLUMNS.map((name) => Number(row[at[name]])));
      if (time === null) return "bad-time";
      const results = resultsOf(row, columns);
      if (typeof results === "string") return results;
      const humidity = relativeHumidity(results.temperature, measured(row[at.DEWP]));
      if (humidity !== null) results.relativeHumidity = humidity;
      const direction = COMPASS.indexOf(row[at.wd] ?? "");
      if (direction >= 0) results.windDirection = direction * 22.5;
      return { stationId, time, results };
    };
  },
};

/** Epoch ms of an hour in Beijing; null where there is no such hour. */
function localTime([year = 0, month = 0, day = 0, hour = 0]: readonly number[]): number | null {
  const utc = Date.UTC(year, month - 1, day, hour);
  const date = new Date(utc);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  return exists ? utc - BEIJING_OFFSET_MS : null;
}

/** % from temperature and dew point, °C: Magnus form of Alduchov and Eskridge 1996. */
function relativeHumidity(temperature: number | undefined, dewPoint: number | null): number | null {
  if (temperature === undefined || dewPoint === null || Number.isNaN(dewPoint)) return null;
  const saturation = (t: number) => Math.exp((17.625 * t) / (243.04 + t));
  return Math.round(Math.min(100, (100 * saturation(dewPoint)) / saturation(temperature)) * 10) / 10;
}
