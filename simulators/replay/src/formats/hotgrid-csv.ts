import { IsoTime, OBSERVED_PROPERTIES, ObservedProperty, StationId } from "@hotgrid/contracts";
import { columnsOf, type Format, type ParsedRow, resultsOf } from "./format.ts";

/** Our own: `stationId,phenomenonTime,<property>…`, one row per reading, canonical units, empty = not measured, times
 *  ISO 8601 with offset. `utcOffset` is the city's. */
export function hotgridCsv(utcOffset: string): Format {
  return {
    utcOffset,
    rowsOf(header) {
      const at = columnsOf(header, ["stationId", "phenomenonTime"]);
      const columns = header.flatMap((name, index) => {
        const property = ObservedProperty.safeParse(name);
        return property.success ? [{ property: property.data, at: index }] : [];
      });
      const unknown = header.filter((name) => !(name in at) && !ObservedProperty.safeParse(name).success);
      if (unknown.length > 0) {
        throw new Error(
          `column ${unknown.join(", ")} is no observed property; known are ${OBSERVED_PROPERTIES.join(", ")}`,
        );
      }
      return (row): ParsedRow => {
        if (row.length !== header.length) return "wrong-columns";
        const stationId = row[at.stationId] ?? "";
        if (!StationId.safeParse(stationId).success) return "bad-station";
        const iso = row[at.phenomenonTime] ?? "";
        if (!IsoTime.safeParse(iso).success) return "bad-time";
        const results = resultsOf(row, columns);
        return typeof results === "string" ? results : { stationId, time: Date.parse(iso), results };
      };
    },
  };
}
