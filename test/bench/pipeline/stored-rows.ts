import { z } from "zod";
import { askInflux } from "../../harness/servers/influx-server.ts";

const Count = z.object({
  series: z.tuple([z.object({ values: z.tuple([z.tuple([z.unknown(), z.number()])]) })]).optional(),
});

/** Readings that InfluxDB has, by station and time: what was written twice counts once. */
export async function storedRows(url: string, database: string): Promise<number> {
  const { series } = Count.parse(await askInflux(url, "SELECT count(pm25) FROM raw", database));
  return series?.[0].values[0][1] ?? 0;
}
