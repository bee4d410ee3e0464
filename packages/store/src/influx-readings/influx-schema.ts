import { OBSERVED_PROPERTIES, type Reading, type StationId } from "@hotgrid/contracts";
import { escape as escaped } from "@influxdata/influxdb-client";
import type { Interval } from "../reading-store.ts";
import type { InfluxRow } from "./influx-connection.ts";
import type { RollupFields } from "./rollup-fields.ts";

/** One measurement for each interval. The only tag is the station: 100,000 stations are 400,000 series, and a property,
 *  a flag or a firmware never multiplies them. */
export const MEASUREMENTS: Readonly<Record<Interval, string>> = {
  raw: "raw",
  "5m": "rollup_5m",
  "1h": "rollup_1h",
  "1d": "rollup_1d",
};
/** The latest reading of stations that fell silent before the oldest raw readings that are kept. */
export const SILENT = "silent";
/** One point at epoch 0: what the whole store knows. */
export const FACTS = "facts";
/** 1 in every reading, measured or not: what is counted. */
export const READINGS = "readings";

/** Written out, as every reading comes through here. */
export function readingLine({ stationId, phenomenonTime, results }: Reading): string {
  let values = "";
  for (const [name, value] of Object.entries(results)) values += `${name}=${value},`;
  return `${MEASUREMENTS.raw},station=${escaped.tag(stationId)} ${values}${READINGS}=1 ${phenomenonTime}`;
}

/** All fields are floats: a field that has once been an integer takes nothing else. */
export function pointLine(measurement: string, station: StationId, time: number, fields: RollupFields): string {
  let values = "";
  for (const [name, value] of Object.entries(fields)) values += `${values === "" ? "" : ","}${name}=${value}`;
  return `${measurement},station=${escaped.tag(station)} ${values} ${time}`;
}

export const factsLine = (fields: RollupFields): string =>
  `${FACTS} ${Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(",")} 0`;

/** A condition of InfluxQL: from inclusive, to exclusive, epoch ms. */
export const within = (station: StationId, from: number, to: number): string =>
  `${ofStation(station)} AND time >= ${from}ms AND time < ${to}ms`;

export const ofStation = (station: StationId): string =>
  `"station" = '${station.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;

export const columns = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

export const resultsOf = ({ fields }: InfluxRow): Reading["results"] =>
  Object.fromEntries(OBSERVED_PROPERTIES.flatMap((p) => (fields[p] === undefined ? [] : [[p, fields[p]]])));
