import { z } from "zod";

const Answer = z.object({
  results: z.tuple([
    z.object({
      error: z.string().optional(),
      series: z.tuple([z.object({ values: z.tuple([z.tuple([z.unknown(), z.number()])]) })]).optional(),
    }),
  ]),
});

/** Readings that InfluxDB has, by station and time: what was written twice counts once. */
export async function storedRows(url: string, database: string): Promise<number> {
  const body = new URLSearchParams({ db: database, q: "SELECT count(pm25) FROM raw" });
  const response = await fetch(`${url}/query`, { method: "POST", body });
  const [result] = Answer.parse(await response.json()).results;
  if (result.error !== undefined) throw new Error(`InfluxDB: ${result.error}`);
  return result.series?.[0].values[0][1] ?? 0;
}
