import { dayInterval } from "./bootstrap.ts";
import type { DayTally } from "./day-tally.ts";
import { METRICS, type Metric } from "./metrics.ts";

/** Days as judged for one method: the detector, or a baseline. */
export interface Method {
  readonly name: string;
  readonly days: readonly DayTally[];
}

export interface TableRow {
  readonly metric: string;
  readonly target: string;
  readonly unit: Metric["unit"];
  readonly methods: readonly {
    readonly name: string;
    readonly value: number | null;
    /** 95 %, over days. */
    readonly interval: readonly [number, number] | null;
    readonly cases: number;
  }[];
}

export function tableOf(methods: readonly Method[]): TableRow[] {
  return METRICS.map(({ name, target, unit, value, cases }) => ({
    metric: name,
    target,
    unit,
    methods: methods.map((method) => ({
      name: method.name,
      value: value(method.days),
      interval: dayInterval(method.days, value),
      cases: cases(method.days),
    })),
  }));
}

const shown = (value: number, unit: Metric["unit"]): string =>
  unit === "share" || unit === "count" ? value.toFixed(2) : value.toFixed(0);

/** The table as Markdown, which a terminal shows well enough. */
export function markdown(rows: readonly TableRow[], spacingMetres: number): string {
  const methods = rows[0]?.methods.map(({ name }) => name) ?? [];
  const lines = rows.map(({ metric, target, unit, methods: cells }) => {
    const goal = target.includes("spacing") ? `${target} (${Math.round(0.35 * spacingMetres)} m)` : target;
    const texts = cells.map(({ value, interval, cases }) => {
      if (value === null) return "–";
      const around = interval ? ` [${shown(interval[0], unit)}, ${shown(interval[1], unit)}]` : "";
      return `${shown(value, unit)}${around} (n=${cases})`;
    });
    return `| ${[metric, goal, ...texts].join(" | ")} |`;
  });
  const head = ["指标 metric", "目标 target", ...methods];
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...lines].join("\n");
}

/** What stood behind the wrong ones, e.g. "regional 3, fault 1". */
export function falseCauses(days: readonly DayTally[]): string {
  const causes = days.flatMap((day) => day.local.flatMap(({ cause }) => cause ?? []));
  return [...Map.groupBy(causes, (cause) => cause)].map(([cause, all]) => `${cause} ${all.length}`).join(", ") || "-";
}
