import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ROOT } from "../../harness/embedded.ts";

const OBSERVE = join(ROOT, "deploy", "observe");
export const ALERTS_FILE = join(OBSERVE, "alerts.yml");

/** An expression in PromQL, and the labels that whoever shows it names. */
export interface Asked {
  readonly expr: string;
  readonly labels: readonly string[];
}

const Dashboard = z.object({
  panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })) })),
});

/** Of every panel of every dashboard. */
export function dashboardExpressions(): readonly Asked[] {
  const folder = join(OBSERVE, "grafana", "dashboards");
  const dashboards = readdirSync(folder).map((name) =>
    Dashboard.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))),
  );
  return dashboards
    .flatMap(({ panels }) => panels.flatMap(({ targets }) => targets))
    .map(({ expr, legendFormat }) => ({ expr, labels: namesIn(legendFormat, /\{\{(\w+)\}\}/g) }));
}

const Alerts = z.object({
  groups: z.array(
    z.object({ rules: z.array(z.object({ expr: z.string(), annotations: z.object({ summary: z.string() }) })) }),
  ),
});

/** Series that the alerts look at, without what they compare them with: while all is well an alert's own expression has
 *  no series. */
export function alertSelectors(): readonly Asked[] {
  const { groups } = Alerts.parse(parse(readFileSync(ALERTS_FILE, "utf8")));
  return groups
    .flatMap(({ rules }) => rules)
    .flatMap(({ expr, annotations }) => {
      const labels = namesIn(annotations.summary, /\$labels\.(\w+)/g);
      const selectors = expr.match(/\b(hotgrid|nodejs|process)_\w+(\{[^}]*\})?|\bup\{[^}]*\}/g) ?? [];
      return selectors.map((selector) => ({ expr: selector, labels }));
    });
}

const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = ""]) => name);
