import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { freePorts } from "./free-ports.ts";
import { ServerProcess } from "./server-process.ts";

const PROGRAM = "/usr/bin/prometheus";

/** False where it is not installed: tests that need it skip then, saying so. */
export const hasPrometheus = (): boolean => existsSync(PROGRAM);

export interface PrometheusTarget {
  /** Labels that its metrics get. */
  readonly labels: Readonly<Record<string, string>>;
  /** host:port whose /metrics is asked. */
  readonly address: string;
}

export interface Prometheus {
  /** Series that an expression has now, each by its labels. Throws where it is none. */
  query(expr: string): Promise<readonly Readonly<Record<string, string>>[]>;
  /** How the rules fare: name, "ok" or the state of failure, and what went wrong. */
  rules(): Promise<readonly { readonly name: string; readonly health: string; readonly lastError: string }[]>;
  readonly process: ServerProcess;
}

/** Prometheus on a free port, its files in `folder`, which asks the targets each second.
 *  @param rulesFile alerts to evaluate as often */
export async function startPrometheus(
  folder: string,
  job: string,
  targets: readonly PrometheusTarget[],
  rulesFile: string,
): Promise<Prometheus> {
  const [port = 0] = await freePorts(1);
  mkdirSync(folder, { recursive: true });
  const rules = join(folder, "rules.yml");
  writeFileSync(rules, readFileSync(rulesFile));
  const file = join(folder, "prometheus.yml");
  const asked = targets.map(({ labels, address }) => ({ labels, targets: [address] }));
  const settings = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: [rules],
    scrape_configs: [{ job_name: job, static_configs: asked }],
  };
  writeFileSync(file, stringify(settings));
  const words = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, "data")}`];
  const listen = `--web.listen-address=127.0.0.1:${port}`;
  const process = new ServerProcess(PROGRAM, [...words, listen], /Server is ready to receive web requests/);
  await process.start();
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    return Answer.parse(await response.json()).data;
  };
  return {
    query: async (expr) => {
      const { result } = Vector.parse(await ask(`query?query=${encodeURIComponent(expr)}`));
      return result.map(({ metric }) => metric);
    },
    rules: async () => Rules.parse(await ask("rules")).groups.flatMap(({ rules }) => rules),
    process,
  };
}

const Answer = z.object({ status: z.literal("success"), data: z.unknown() });
const Vector = z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) });
const Rule = z.object({ name: z.string(), health: z.string(), lastError: z.string().default("") });
const Rules = z.object({ groups: z.array(z.object({ rules: z.array(Rule) })) });
