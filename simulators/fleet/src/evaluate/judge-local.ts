import { distanceMetres, type Grid } from "@hotgrid/grid";
import type { SourceTruth, Truth } from "../truth.ts";
import { firstSeen, type Judged, overlaps, type Strength, sourcesOf, strengthOf } from "./truth-index.ts";

/** A confirmed local episode and what really was there. */
export interface LocalVerdict {
  readonly episode: Judged;
  readonly confirmedAt: number;
  /** Empty: nobody should have been sent. */
  readonly sources: readonly SourceTruth[];
  /** What else was there, for a wrong one: "fault", "regional", …, "nothing"; null for a right one. */
  readonly cause: string | null;
}

const HOUR_MS = 3_600_000;

export function judgeLocal(truth: Truth, episodes: readonly Judged[], end: number): LocalVerdict[] {
  return episodes.flatMap((episode) => {
    const { kind, confirmedAt } = episode;
    if (kind !== "local" || confirmedAt === null || confirmedAt < Date.parse(truth.from)) return [];
    const sources = sourcesOf(truth, episode, end);
    return [{ episode, confirmedAt, sources, cause: sources.length > 0 ? null : causeOf(truth, episode, end) }];
  });
}

function causeOf(truth: Truth, { stationIds, startedAt, endedAt }: Judged, end: number): string {
  const then = ({ from, to }: { from: string; to: string }) =>
    overlaps([startedAt, endedAt ?? end], [Date.parse(from), Date.parse(to) + HOUR_MS]);
  const there = (entry: { station: string; from: string; to: string }) =>
    stationIds.includes(entry.station) && then(entry);
  if (truth.faults.some(there)) return "fault";
  if (truth.interference.some(there)) return "interference";
  if (truth.regional.some(then)) return "regional";
  return truth.nuisance.find((nuisance) => nuisance.kind === "fireworks" && then(nuisance))?.kind ?? "nothing";
}

/** A source and what became of it. */
export interface SourceVerdict {
  readonly at: number;
  /** null: no station could see it. */
  readonly strength: Strength | null;
  readonly found: boolean;
  /** Minutes from the first true 20 µg/m³ at a station to the confirmation; null where not found. */
  readonly delayMinutes: number | null;
  /** A ticket for the maintenance of a sound device that saw it. */
  readonly maintained: boolean;
}

export function judgeSources(
  truth: Truth,
  local: readonly LocalVerdict[],
  episodes: readonly Judged[],
  end: number,
): SourceVerdict[] {
  const device = episodes.filter(({ kind, confirmedAt }) => kind === "device-fault" && confirmedAt !== null);
  return truth.sources
    .filter((source) => Date.parse(source.from) >= Date.parse(truth.from))
    .map((source) => {
      const hits = local.filter(({ sources }) => sources.includes(source)).map(({ confirmedAt }) => confirmedAt);
      const seen = firstSeen(source);
      const confirmed = Math.min(...hits);
      return {
        at: Date.parse(source.from),
        strength: strengthOf(source),
        found: hits.length > 0,
        delayMinutes: hits.length > 0 && Number.isFinite(seen) ? Math.max(0, (confirmed - seen) / 60_000) : null,
        maintained: device.some((e) => isMaintenance(truth, e, source, end)),
      };
    });
}

function isMaintenance(truth: Truth, episode: Judged, source: SourceTruth, end: number): boolean {
  const sick = truth.faults.some(({ station }) => episode.stationIds.includes(station));
  return !sick && sourcesOf({ ...truth, sources: [source] }, episode, end).length > 0;
}

/** How far off an estimate of a source was. */
export interface EstimateVerdict {
  readonly at: number;
  readonly metres: number;
  /** 0 the first; Infinity where the right town, or village, is not among those named. */
  readonly townRank: number;
  readonly villageRank: number;
  /** The source lies within the circle that is said to hold it with 50 %, with 90 % probability. */
  readonly within50: boolean;
  readonly within90: boolean;
  /** From the point of the village whose officer is sent to the source; null where none is named. */
  readonly askedMetres: number | null;
}

/** One per right local episode with an estimate, against the nearest of its sources. */
export function judgeEstimates(local: readonly LocalVerdict[], grid: Grid): EstimateVerdict[] {
  return local.flatMap(({ episode: { source, asked: sentTo }, sources, confirmedAt }) => {
    const [nearest] = sources.toSorted((a, b) => (source ? distanceMetres(source, a) - distanceMetres(source, b) : 0));
    const place = nearest && grid.locate(nearest.lon, nearest.lat);
    if (!source || !nearest || !place) return [];
    const towns = rankedOf(source, place.town.length);
    const villages = rankedOf(source, place.village.length);
    const metres = distanceMetres(source, nearest);
    const asked = grid.divisions.get(sentTo ?? villages[0] ?? "");
    return [
      {
        at: confirmedAt,
        metres,
        townRank: rankIn(towns, place.town),
        villageRank: rankIn(villages, place.village),
        within50: metres <= source.radius50Metres,
        within90: metres <= source.radius90Metres,
        askedMetres: asked ? distanceMetres(asked, nearest) : null,
      },
    ];
  });
}

/** Codes of so many digits, the likeliest first. */
const rankedOf = ({ divisions }: NonNullable<Judged["source"]>, digits: number): string[] =>
  divisions
    .filter(({ code }) => code.length === digits)
    .toSorted((a, b) => b.probability - a.probability)
    .map(({ code }) => code);

function rankIn(codes: readonly string[], code: string): number {
  const rank = codes.indexOf(code);
  return rank < 0 ? Number.POSITIVE_INFINITY : rank;
}
