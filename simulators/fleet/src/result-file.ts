import type { Episode, Ticket } from "@hotgrid/contracts";
import type { Truth } from "./truth.ts";
import { isoWithOffset } from "./world.ts";

/** What became of the readings: published = stored + duplicate + the sum of deadLettered. `late` ones are stored. */
export interface Counts {
  readonly published: number;
  readonly acknowledged: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly late: number;
  readonly deadLettered: Readonly<Record<string, number>>;
}

/** Result file of a replay, and of each scenario of an evaluation. Times ISO 8601 with the city's offset. */
export interface ResultFile {
  readonly counts: Counts;
  readonly episodes: readonly EpisodeResult[];
  readonly tickets: readonly TicketResult[];
  readonly truth: Truth | Record<string, never>;
}

type Timed = "startedAt" | "confirmedAt" | "endedAt";
export type EpisodeResult = Omit<Episode, Timed | "evidence"> & {
  readonly startedAt: string;
  readonly confirmedAt: string | null;
  readonly endedAt: string | null;
  readonly evidence: (Omit<NonNullable<Episode["evidence"]>, "at"> & { readonly at: string }) | null;
};

export interface TicketResult {
  readonly id: string;
  readonly episodeId: string;
  readonly kind: Ticket["kind"];
  readonly division: string;
  readonly officerId: string;
  readonly openedAt: string;
  readonly state: Ticket["state"];
  readonly routingReason: string;
}

export function episodeResult(episode: Episode, offsetMs: number): EpisodeResult {
  const iso = (time: number) => isoWithOffset(time, offsetMs);
  const orNull = (time: number | null) => (time === null ? null : iso(time));
  return {
    ...episode,
    startedAt: iso(episode.startedAt),
    confirmedAt: orNull(episode.confirmedAt),
    endedAt: orNull(episode.endedAt),
    evidence: episode.evidence && { ...episode.evidence, at: iso(episode.evidence.at) },
  };
}

export function ticketResult(ticket: Ticket, offsetMs: number): TicketResult {
  const { id, episodeId, kind, division, officerId, openedAt, state, routingReason } = ticket;
  return {
    id,
    episodeId,
    kind,
    division,
    officerId,
    openedAt: isoWithOffset(openedAt, offsetMs),
    state,
    routingReason,
  };
}

/** Readings that the accounts don't explain; 0 is the only good answer. */
export const unaccounted = ({ published, stored, duplicate, deadLettered }: Counts): number =>
  published - stored - duplicate - Object.values(deadLettered).reduce((sum, count) => sum + count, 0);
