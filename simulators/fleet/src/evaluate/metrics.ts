import type { DayTally } from "./day-tally.ts";
import { STRENGTHS } from "./truth-index.ts";

/** A row of the target table (detection.md, Evaluation). */
export interface Metric {
  readonly name: string;
  readonly target: string;
  /** null where there was nothing to judge. */
  readonly value: (days: readonly DayTally[]) => number | null;
  /** Judged cases. */
  readonly cases: (days: readonly DayTally[]) => number;
  readonly unit: "share" | "minutes" | "metres" | "count";
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
const count = <T>(items: readonly T[], is: (item: T) => boolean): number => items.filter(is).length;

/** Linear between order statistics; null for none. */
function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}

type Of<T> = (day: DayTally) => readonly T[];
/** Share of the cases that are so. */
function share<T>(name: string, target: string, of: Of<T>, is: (item: T) => boolean): Metric {
  return {
    name,
    target,
    unit: "share",
    value: (days) => ratio(count(days.flatMap(of), is), days.flatMap(of).length),
    cases: (days) => days.flatMap(of).length,
  };
}
function spread(name: string, target: string, unit: Metric["unit"], at: number, of: Of<number>): Metric {
  return {
    name,
    target,
    unit,
    value: (days) => quantile(days.flatMap(of), at),
    cases: (days) => days.flatMap(of).length,
  };
}

const maintainable: Of<DayTally["faults"][number]> = ({ faults }) => faults.filter(({ harmless }) => !harmless);
const observable: Of<DayTally["sources"][number]> = ({ sources }) => sources.filter((s) => s.strength !== null);
const delays: Of<number> = ({ sources }) => sources.flatMap(({ delayMinutes }) => delayMinutes ?? []);

export const METRICS: readonly Metric[] = [
  share(
    "局地事件精确率 precision of local episodes",
    "≥ 0.95",
    (day) => day.local,
    ({ cause }) => cause === null,
  ),
  ...STRENGTHS.map((strength, i) =>
    share(
      `召回率 recall ${strength.name}`,
      ["≥ 0.98", "≥ 0.88", "≥ 0.65"][i] ?? "",
      ({ sources }) => sources.filter((source) => source.strength === strength),
      ({ found }) => found,
    ),
  ),
  share(
    "物理上限 ceiling: sources that any station could see",
    "report",
    (day) => day.sources,
    (s) => s.strength !== null,
  ),
  spread("时延中位数 delay, median", "≤ 15 min", "minutes", 0.5, delays),
  spread("时延 delay, p90", "≤ 45 min", "minutes", 0.9, delays),
  {
    name: "区域污染日误派单 false village tickets a regional day, 300 stations",
    target: "≤ 0.1",
    unit: "count",
    value: (days) => perDay(days.filter(({ regional }) => regional)),
    cases: (days) => count(days, ({ regional }) => regional),
  },
  {
    name: "其他日误派单 false village tickets any other day, 300 stations",
    target: "report",
    unit: "count",
    value: (days) => perDay(days.filter(({ regional }) => !regional)),
    cases: (days) => count(days, ({ regional }) => !regional),
  },
  share(
    "故障误判为污染 faults that become pollution tickets",
    "≤ 0.03",
    (day) => day.faults,
    ({ polluted }) => polluted,
  ),
  share("污染误判为维护 pollution that becomes maintenance", "≤ 0.03", observable, ({ maintained }) => maintained),
  share("故障召回率 recall of faults", "≥ 0.95", maintainable, ({ found }) => found),
  share(
    "故障精确率 precision of device tickets",
    "report",
    (day) => day.devices,
    ({ right }) => right,
  ),
  share(
    "漂移召回率 recall of drift",
    "≥ 0.8",
    (day) => day.faults.filter(({ kind }) => kind === "drift"),
    ({ found }) => found,
  ),
  share(
    "干扰召回率 recall of interference",
    "report",
    (day) => day.interference,
    ({ found }) => found,
  ),
  spread("溯源误差中位数 source error, median", "≤ 0.35 spacing", "metres", 0.5, (day) =>
    day.estimates.map((e) => e.metres),
  ),
  share(
    "乡镇第一 right town first",
    "≥ 0.70",
    (day) => day.estimates,
    ({ townRank }) => townRank === 0,
  ),
  share(
    "乡镇前三 right town among three",
    "≥ 0.90",
    (day) => day.estimates,
    ({ townRank }) => townRank < 3,
  ),
  share(
    "村社第一 right village first",
    "report",
    (day) => day.estimates,
    ({ villageRank }) => villageRank === 0,
  ),
  share(
    "村社前三 right village among three",
    "report",
    (day) => day.estimates,
    ({ villageRank }) => villageRank < 3,
  ),
  share(
    "半数圈命中 source within the circle of 50 %",
    "0.50",
    (day) => day.estimates,
    ({ within50 }) => within50,
  ),
  share(
    "九成圈命中 source within the circle of 90 %",
    "0.90",
    (day) => day.estimates,
    ({ within90 }) => within90,
  ),
  spread("派单村距源中位数 from the village that is asked to the source, median", "report", "metres", 0.5, (day) =>
    day.estimates.flatMap(({ askedMetres }) => askedMetres ?? []),
  ),
  {
    name: "每人每日工单均值 tickets per officer with any and day, mean",
    target: "≤ 1",
    unit: "count",
    value: (days) => {
      const all = days.flatMap((day) => day.officerTickets);
      return ratio(
        all.reduce((sum, n) => sum + n, 0),
        all.length,
      );
    },
    cases: (days) => days.flatMap((day) => day.officerTickets).length,
  },
  spread("每人每日工单最大值 the same, maximum", "≤ 3", "count", 1, (day) => day.officerTickets),
];

/** False tickets per day and 300 stations. */
function perDay(days: readonly DayTally[]): number | null {
  const stationDays = days.reduce((sum, day) => sum + day.days * day.stations, 0);
  return ratio(300 * days.reduce((sum, day) => sum + day.falseTickets, 0), stationDays);
}
