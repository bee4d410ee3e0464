import { coversDivision, DivisionCode, PROPERTY_DEFINITIONS, RankedProperty, RankingView } from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { QueryTime } from "../core/query-time.ts";
import { seesDivision } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { invalid, notFound } from "../http/http-problem.ts";
import { rankingRows } from "../views/ranking-view.ts";
import { RememberedMeans } from "../views/remembered-means.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longest span of one ranking. Ours: a quarter of a year, the longest that is published between years. */
const LONGEST_DAYS = 93;
/** What a ranking shows unless told. */
const USUAL_DAYS = 30;

const BASIS = {
  zh: "小时均值须有45分钟有效数据，时段内有效小时须达75%（GB 3095-2012 表4：每月27个日均值、每日20小时），乡镇均值须有75%点位有效、少于4个点位时50%（HJ 663-2013）；按小时均值的算术平均排名，CO、O3不是其评价百分位数",
  en: "A valid hour has 45 measured minutes, a valid span 75 % of its hours (GB 3095-2012 table 4: 27 daily means of 20 hours in a month), a valid town 75 % of its points, 50 % of fewer than four (HJ 663-2013); ranked by the arithmetic mean of hours, for CO and O3 not by the percentiles of their evaluation",
};

const RankingsQuery = z.strictObject({
  property: RankedProperty,
  /** Inclusive, cut to its hour; 30 days before `to` unless given. */
  from: QueryTime.optional(),
  /** Exclusive, cut to its hour; the start of this hour unless given. */
  to: QueryTime.optional(),
  interval: z.literal("1h").default("1h"),
  /** That and all below it; the account's own unless given. */
  division: DivisionCode.optional(),
});

/** Which towns and stations had how much in the air: by validity of data after HJ 663-2013 and GB 3095-2012
 *  (packages/airquality, validity.ts). Hours are those of UTC: every offset in China is a whole number of them. */
export function rankingRoutes(app: ConsoleApp, { clock, grid, iso, readings, stations }: ConsoleContext): void {
  const means = new RememberedMeans(readings, stations);
  app.get(
    "/rankings",
    {
      schema: {
        tags: ["rankings"],
        summary: "乡镇与监测站浓度排名 Towns and stations by mean concentration, the lowest first",
        querystring: RankingsQuery,
        response: { 200: RankingView },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const { property, interval, division = account.division } = request.query;
      if (!grid.divisions.has(division) || !seesDivision(account, division)) throw notFound();
      const to = hourOf(request.query.to ?? clock.now());
      const from = hourOf(request.query.from ?? to - USUAL_DAYS * DAY_MS);
      refuseSpan(from, to);
      const shown = stations
        .all()
        .filter((station) => coversDivision(division, station.division) && station.properties.includes(property));
      const hours = (to - from) / HOUR_MS;
      const rows = rankingRows(
        { property, hours, stations: shown, means: await means.get({ property, from, to }) },
        grid,
      );
      const { unit } = PROPERTY_DEFINITIONS[property];
      return { property, unit, from: iso(from), to: iso(to), interval, hours, basis: BASIS, ...rows };
    },
  );
}

const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

function refuseSpan(from: number, to: number): void {
  if (from >= to)
    throw invalid(
      "querystring.from",
      { zh: "from 与 to 之间至少要有一个整点小时", en: "there has to be a whole hour between from and to" },
      { zh: "请把 to 推后或把 from 提前", en: "Ask for a later to, or an earlier from" },
    );
  if (to - from > LONGEST_DAYS * DAY_MS)
    throw invalid(
      "querystring.from",
      { zh: `一次最多排名 ${LONGEST_DAYS} 天`, en: `at most ${LONGEST_DAYS} days at once` },
      { zh: "请缩短时间范围", en: "Ask for a shorter span" },
    );
}
