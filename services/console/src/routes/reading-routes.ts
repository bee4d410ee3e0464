import {
  OBSERVED_PROPERTIES,
  type ObservedProperty,
  PROPERTY_DEFINITIONS,
  ReadingSeries,
  type Station,
} from "@hotgrid/contracts";
import type { Interval, Series } from "@hotgrid/store";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { type CsvCell, writeCsv } from "../core/csv.ts";
import { QueryTime } from "../core/query-time.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { invalid, notFound } from "../http/http-problem.ts";

const DAY_MS = 86_400_000;
/** Longest span of one answer, ms. Ours: about as many rows each as a chart can show. */
const LONGEST_SPAN_MS: Readonly<Record<Interval, number>> = {
  raw: 8 * DAY_MS,
  "5m": 62 * DAY_MS,
  "1h": 732 * DAY_MS,
  "1d": 7320 * DAY_MS,
};
/** Rows of one answer; where there are more (a station that reports every second), it says `truncated`. Ours. */
const LARGEST_ANSWER = 20_000;

const KNOWN = new Set<string>(OBSERVED_PROPERTIES);
const Properties = z
  .string()
  .max(400)
  .transform((text) => [...new Set(text.split(","))])
  .refine((names): names is ObservedProperty[] => names.every((name) => KNOWN.has(name)), {
    error: `a comma separated list of ${OBSERVED_PROPERTIES.join(", ")}`,
  });

const ReadingsQuery = z.strictObject({
  /** Inclusive; 24 hours before `to` unless given. */
  from: QueryTime.optional(),
  /** Exclusive; now unless given. */
  to: QueryTime.optional(),
  interval: z.enum(["raw", "5m", "1h", "1d"]).default("raw"),
  /** All that the station measures unless given. */
  properties: Properties.optional(),
});

export function readingRoutes(app: ConsoleApp, { clock, iso, readings, visible }: ConsoleContext): void {
  app.get(
    "/stations/:id/readings",
    {
      schema: {
        tags: ["stations"],
        summary: "时间序列(Accept: text/csv 得到 CSV) Time series, as CSV by Accept: text/csv",
        params: z.strictObject({ id: z.string().max(120) }),
        querystring: ReadingsQuery,
        response: {
          200: {
            description: "时间序列 The series",
            content: { "application/json": { schema: ReadingSeries }, "text/csv": { schema: z.string() } },
          },
        },
      },
    },
    async (request, reply) => {
      const station = await visible.station(accountOf(request), request.params.id);
      if (!station) throw notFound();
      const { interval, to = clock.now() + 1, from = to - DAY_MS, properties = station.properties } = request.query;
      refuseSpan(from, to, interval);
      const series = await readings.series({
        stationId: station.id,
        from,
        to,
        interval,
        properties,
        limit: LARGEST_ANSWER,
      });
      const times = series.times.map(iso);
      if (!wantsCsv(request.headers.accept))
        return { stationId: station.id, interval, times, properties: copied(series), truncated: series.truncated };
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="${station.id}-${interval}.csv"`)
        .send(asCsv(times, properties, series));
    },
  );
}

const wantsCsv = (accept: string | undefined): boolean => /(^|,)\s*text\/csv\b/i.test(accept ?? "");

function refuseSpan(from: number, to: number, interval: Interval): void {
  if (from >= to) throw invalid("querystring.from", { zh: "from 必须早于 to", en: "from has to be before to" });
  const days = LONGEST_SPAN_MS[interval] / DAY_MS;
  if (to - from > LONGEST_SPAN_MS[interval])
    throw invalid(
      "querystring.from",
      { zh: `${interval} 数据一次最多查询 ${days} 天`, en: `at most ${days} days of ${interval} readings at once` },
      { zh: "请缩短时间范围,或改用更大的 interval", en: "Ask for a shorter span or a wider interval" },
    );
}

function copied({ properties }: Series): Partial<Record<ObservedProperty, (number | null)[]>> {
  return Object.fromEntries(Object.entries(properties).map(([name, values]) => [name, [...values]]));
}

function asCsv(times: readonly string[], properties: Station["properties"], series: Series): string {
  const columns = properties.map((name) => series.properties[name]);
  const header = ["phenomenonTime", ...properties.map((name) => `${name} (${PROPERTY_DEFINITIONS[name].unit})`)];
  const rows = times.map((time, row): CsvCell[] => [time, ...columns.map((column) => column?.[row] ?? null)]);
  return writeCsv(header, rows);
}
