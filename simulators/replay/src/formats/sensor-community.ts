import { columnsOf, type Format, measured, type ParsedRow, resultsOf } from "./format.ts";

/** sensor.community archive (ODbL), gathered per kind of sensor: particle files have pm10 and pm25 in µg/m³, climate
 *  files temperature, humidity in % and pressure in Pa. Times are UTC. A place (`location`) is a station: its sensors
 *  report for themselves, seconds apart. */
const PLACE_COLUMNS = ["utc", "location", "lat", "lon"] as const;
const VALUES = [
  { name: "pm25", property: "pm25" },
  { name: "pm10", property: "pm10" },
  { name: "temperature", property: "temperature" },
  { name: "humidity", property: "relativeHumidity" },
  { name: "pressure", property: "pressure", convert: (pascal: number) => Math.round(pascal) / 100 },
] as const;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

export const sensorCommunity: Format = {
  utcOffset: "+00:00",
  rowsOf(header) {
    const at = columnsOf(header, PLACE_COLUMNS);
    const columns = VALUES.map((value) => ({ ...value, at: header.indexOf(value.name) })).filter((c) => c.at >= 0);
    if (columns.length === 0) {
      throw new Error(`the header has none of ${VALUES.map((v) => v.name).join(", ")}; it is: ${header.join(",")}`);
    }
    return (row): ParsedRow => {
      if (row.length !== header.length) return "wrong-columns";
      const location = row[at.location] ?? "";
      if (!/^\d{1,12}$/.test(location)) return "bad-station";
      const utc = row[at.utc] ?? "";
      const time = TIME.test(utc) ? Date.parse(`${utc}Z`) : Number.NaN;
      if (Number.isNaN(time)) return "bad-time";
      const [lon, lat] = [measured(row[at.lon]), measured(row[at.lat])];
      if (!within(lon, 180) || !within(lat, 90)) return "bad-place";
      const results = resultsOf(row, columns);
      if (typeof results === "string") return results;
      return { stationId: `SC-${location}`, time, results, place: { lon, lat } };
    };
  },
};

const within = (degrees: number | null, limit: number): degrees is number =>
  degrees !== null && Math.abs(degrees) <= limit;
