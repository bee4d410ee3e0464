import type { Grid } from "@hotgrid/grid";
import type { TicketResult } from "../result-file.ts";
import {
  type DeviceVerdict,
  type FaultVerdict,
  type InterferenceVerdict,
  judgeDevices,
  judgeFaults,
  judgeInterference,
} from "./judge-devices.ts";
import {
  type EstimateVerdict,
  judgeEstimates,
  judgeLocal,
  judgeSources,
  type LocalVerdict,
  type SourceVerdict,
} from "./judge-local.ts";
import type { ScenarioRun } from "./run-scenario.ts";
import { type Judged, overlaps } from "./truth-index.ts";

const DAY_MS = 86_400_000;

/** What happened in one day of a scenario: days are what intervals are drawn over. */
export interface DayTally {
  /** Length against a whole day. */
  readonly days: number;
  /** Haze, dust or fireworks passed. */
  readonly regional: boolean;
  readonly stations: number;
  readonly local: readonly LocalVerdict[];
  readonly falseTickets: number;
  readonly sources: readonly SourceVerdict[];
  readonly estimates: readonly EstimateVerdict[];
  readonly faults: readonly FaultVerdict[];
  readonly devices: readonly DeviceVerdict[];
  readonly interference: readonly InterferenceVerdict[];
  /** Local tickets of each officer who got any. */
  readonly officerTickets: readonly number[];
}

/** An episode of the detector with its id, or of a baseline without one. */
export type Candidate = Judged & { readonly id?: string };

/** Judges episodes against the truth and splits the verdicts by day. Without `tickets` (a baseline) each episode is one. */
export function tallyDays(
  run: ScenarioRun,
  episodes: readonly Candidate[],
  tickets: readonly TicketResult[] | null,
  grid: Grid,
): DayTally[] {
  const { truth, from, to } = run;
  const local = judgeLocal(truth, episodes, to);
  const wrongIds = new Set(local.filter(({ cause }) => cause !== null).map(({ episode }) => (episode as Candidate).id));
  const all = {
    sources: judgeSources(truth, local, episodes, to),
    estimates: judgeEstimates(local, grid),
    faults: judgeFaults(truth, episodes, local, to),
    devices: judgeDevices(truth, episodes, to),
    interference: judgeInterference(truth, episodes, to),
  };
  const days: DayTally[] = [];
  for (let start = from; start < to; start += DAY_MS) {
    const end = Math.min(to, start + DAY_MS);
    const within = <T extends { readonly at: number }>(verdicts: readonly T[]) =>
      verdicts.filter(({ at }) => at >= start && at < end);
    const today = local.filter(({ confirmedAt }) => confirmedAt >= start && confirmedAt < end);
    const sent = tickets
      ?.filter((ticket) => ticket.kind === "local")
      .filter(({ openedAt }) => Date.parse(openedAt) >= start && Date.parse(openedAt) < end);
    days.push({
      days: (end - start) / DAY_MS,
      regional: isRegional(run, start, end),
      stations: run.stations.length,
      local: today,
      falseTickets: sent
        ? sent.filter(({ episodeId }) => wrongIds.has(episodeId)).length
        : today.filter(({ cause }) => cause !== null).length,
      sources: within(all.sources),
      estimates: within(all.estimates),
      faults: within(all.faults),
      devices: within(all.devices),
      interference: within(all.interference),
      officerTickets: [...Map.groupBy(sent ?? [], ({ officerId }) => officerId).values()].map((own) => own.length),
    });
  }
  return days;
}

function isRegional({ truth }: ScenarioRun, from: number, to: number): boolean {
  const fireworks = truth.nuisance.filter(({ kind }) => kind === "fireworks");
  return [...truth.regional, ...fireworks].some((e) =>
    overlaps([Date.parse(e.from), Date.parse(e.to)], [from, to - 1]),
  );
}
