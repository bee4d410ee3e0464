import { readdir, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readSeeds } from "@hotgrid/store";
import { evaluate } from "./evaluate/evaluate.ts";
import { randomScenario } from "./evaluate/random-scenario.ts";
import { gridOf } from "./evaluate/run-scenario.ts";
import { markdown } from "./evaluate/table.ts";
import { readScenario, type Scenario } from "./scenario.ts";

const ROOT = resolve(import.meta.dirname, "..", "..", "..");
/** Days of one made-up scenario; ours. */
const RANDOM_DAYS = 7;

const HELP = `hotgrid evaluate [--scenarios DIR|FILE…] [--random SEED…] [--json FILE] [options]

以已知真值的场景评估检测，与基线同表对照。
Scores detection on scenarios whose truth is known, beside baselines, in process.

  --scenarios PATH   场景文件或目录，可重复 · scenario file or folder; may be repeated
  --random SEED      随机场景的种子，可重复 · seed of a made-up scenario of ${RANDOM_DAYS} days; may be repeated
  --days N           随机场景天数 · days of a made-up scenario; ${RANDOM_DAYS}
  --kitchens MINUTES 随机场景的厨房按街区错开至多这么久 · made-up scenarios: neighbourhoods cook up to so much earlier or later
  --json FILE        每个场景的真值、事件、派单与得分 · truth, episodes, routing and scores of each scenario
  --seeds DIR        城市种子 · the city's seeds
  --quiet            不显示进度 · no progress
  --help

不给场景时评估 simulators/scenarios · without scenarios: all of simulators/scenarios
`;

try {
  await main();
} catch (error) {
  process.stderr.write(`hotgrid evaluate: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scenarios: { type: "string", multiple: true },
      random: { type: "string", multiple: true },
      days: { type: "string" },
      kitchens: { type: "string" },
      json: { type: "string" },
      seeds: { type: "string" },
      quiet: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const dir = resolve(values.seeds ?? join(ROOT, "seeds", "shaoxing"));
  const seeds = { ...(await readSeeds(dir)), dir };
  const random = (values.random ?? []).map((seed) => wholeNumber("random", seed));
  const days = wholeNumber("days", values.days ?? String(RANDOM_DAYS));
  const kitchensShifted = wholeNumber("kitchens", values.kitchens ?? "0");
  const paths = values.scenarios ?? (random.length > 0 ? [] : [join(ROOT, "simulators", "scenarios")]);
  const grid = gridOf(seeds);
  const scenarios = [
    ...(await Promise.all(paths.map((path) => readAll(resolve(path))))).flat(),
    ...random.map((seed) => randomScenario(seed, days, seeds.stations, grid, { kitchensShifted })),
  ];
  const evaluation = evaluate(scenarios, seeds, values.quiet ? () => undefined : progress());
  const apart = evaluation.scenarios.length > 1 ? evaluation.scenarios : [];
  for (const { scenario, table, falseCauses } of apart) {
    process.stdout.write(
      `\n## ${scenario}\n\n${markdown(table, evaluation.spacingMetres)}\n误报原因 false: ${falseCauses}\n`,
    );
  }
  const total = markdown(evaluation.table, evaluation.spacingMetres);
  process.stdout.write(`\n## 合计 all\n\n${total}\n误报原因 false: ${evaluation.falseCauses}\n`);
  if (values.json) await writeFile(values.json, `${JSON.stringify(evaluation)}\n`);
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${option} ${text}: not a whole number`);
  return value;
}

async function readAll(path: string): Promise<Scenario[]> {
  if (!(await stat(path)).isDirectory()) return [await readScenario(path)];
  const files = (await readdir(path, { recursive: true })).filter((name) => name.endsWith(".json")).toSorted();
  if (files.length === 0) throw new Error(`${path}: no scenario file (.json)`);
  return Promise.all(files.map((file) => readScenario(join(path, file))));
}

/** Rewrites one line on the terminal, at each full percent. */
function progress(): (scenario: string, done: number) => void {
  let told = "";
  return (scenario, done) => {
    const line = `${scenario} ${Math.floor(done * 100)} %`;
    if (line !== told) process.stderr.write(`\r\u001b[K${line}${done >= 1 ? "\n" : ""}`);
    told = line;
  };
}
