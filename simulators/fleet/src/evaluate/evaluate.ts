import type { Reading } from "@hotgrid/contracts";
import { distanceMetres, type Grid } from "@hotgrid/grid";
import type { Seeds } from "@hotgrid/store";
import { type EpisodeResult, episodeResult, type ResultFile } from "../result-file.ts";
import type { Scenario } from "../scenario.ts";
import { stationsOf } from "../stations-of.ts";
import { offsetOf } from "../world.ts";
import { fixedLimits, ownHistory } from "./baselines.ts";
import { tallyDays } from "./day-tally.ts";
import { routeEpisodes } from "./route-episodes.ts";
import { gridOf, runScenario } from "./run-scenario.ts";
import { falseCauses, type Method, type TableRow, tableOf } from "./table.ts";

/** Result of one scenario: the result file's shape, with its name and the causes of wrong local episodes. */
interface ScenarioResult extends ResultFile {
  readonly scenario: string;
  readonly episodes: readonly EpisodeResult[];
  readonly falseCauses: string;
  readonly table: readonly TableRow[];
}

interface Evaluation {
  readonly scenarios: readonly ScenarioResult[];
  readonly table: readonly TableRow[];
  readonly falseCauses: string;
  /** Median distance of a station to its nearest neighbour, m. */
  readonly spacingMetres: number;
}

/** Runs scenarios one after the other and judges the detector and the baselines in the same table. */
export function evaluate(
  scenarios: readonly Scenario[],
  seeds: Seeds & { readonly dir: string },
  onProgress: (scenario: string, done: number) => void,
): Evaluation {
  const grid = gridOf(seeds);
  const judged = scenarios.map((scenario) => judge(scenario, seeds, grid, (done) => onProgress(scenario.name, done)));
  const merged = (judged[0]?.methods ?? []).map(({ name }, i) => ({
    name,
    days: judged.flatMap(({ methods }) => methods[i]?.days ?? []),
  }));
  return {
    scenarios: judged.map(({ result }) => result),
    table: tableOf(merged),
    falseCauses: falseCauses(merged[0]?.days ?? []),
    spacingMetres: spacing(seeds),
  };
}

function judge(
  scenario: Scenario,
  seeds: Seeds & { readonly dir: string },
  grid: Grid,
  onProgress: (done: number) => void,
): { result: ScenarioResult; methods: Method[] } {
  const baselines = [fixedLimits(), ownHistory()];
  const onReading = (reading: Reading) => {
    for (const baseline of baselines) baseline.take(reading);
  };
  const run = runScenario(scenario, stationsOf(scenario, seeds), { seeds, grid, onReading, onProgress });
  const offsetMs = offsetOf(scenario.start);
  const sent = run.episodes.map((episode) => ({ ...episode, asked: run.asked.get(episode.id) ?? episode.division }));
  const routed = sent.map(({ asked, ...episode }) => ({ ...episode, division: asked }));
  const tickets = routeEpisodes(routed, seeds, grid, offsetMs);
  const methods = [
    { name: "hotgrid", days: tallyDays(run, sent, tickets, grid) },
    ...baselines.map((baseline) => ({ name: baseline.name, days: tallyDays(run, baseline.episodes(), null, grid) })),
  ];
  const result = {
    scenario: scenario.name,
    counts: run.counts,
    episodes: run.episodes.map((episode) => episodeResult(episode, offsetMs)),
    tickets,
    truth: run.truth,
    falseCauses: falseCauses(methods[0]?.days ?? []),
    table: tableOf(methods),
  };
  return { result, methods };
}

function spacing({ stations }: Seeds): number {
  const nearest = stations.map((station) =>
    Math.min(...stations.filter((other) => other !== station).map((other) => distanceMetres(station, other))),
  );
  return nearest.toSorted((a, b) => a - b)[Math.floor(nearest.length / 2)] ?? Number.NaN;
}
