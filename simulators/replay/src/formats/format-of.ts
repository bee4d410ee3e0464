import type { FORMATS } from "../arguments.ts";
import type { SyntheticCity } from "../synthetic-city.ts";
import type { Format } from "./format.ts";
import { hotgridCsv } from "./hotgrid-csv.ts";
import { sensorCommunity } from "./sensor-community.ts";
import { uciBeijing } from "./uci-beijing.ts";

/** A format, and the city that its recordings get where they lie outside the seeds' one. */
export function formatOf(name: (typeof FORMATS)[number], utcOffset: string): { format: Format; city: SyntheticCity } {
  switch (name) {
    case "uci-beijing":
      return { format: uciBeijing, city: { code: "110000", name: "北京市（回放）", utcOffset: uciBeijing.utcOffset } };
    case "sensor-community": {
      const { utcOffset: utc } = sensorCommunity;
      return { format: sensorCommunity, city: { code: "990100", name: "回放", utcOffset: utc } };
    }
    case "hotgrid-csv":
      return { format: hotgridCsv(utcOffset), city: { code: "990100", name: "回放", utcOffset } };
  }
}
