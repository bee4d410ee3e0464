import { coversDivision, type DivisionCode, type EpisodeKind } from "@hotgrid/contracts";
import type { Subject } from "./news.ts";

/** A person's mute. Kind and station null: all of the division. */
export interface Silence {
  readonly id: string;
  readonly division: DivisionCode;
  readonly kind: EpisodeKind | null;
  readonly stationId: string | null;
  /** Epoch ms UTC: from inclusive, to exclusive. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly author: string;
}

/** The silence that holds longest over a subject now, if any. */
export function silencedBy(subject: Subject, silences: readonly Silence[], now: number): Silence | null {
  const holding = silences.filter(
    ({ division, kind, stationId, startsAt, endsAt }) =>
      startsAt <= now &&
      now < endsAt &&
      coversDivision(division, subject.division) &&
      (kind === null || kind === subject.kind) &&
      (stationId === null || (subject.stationIds.length > 0 && subject.stationIds.every((id) => id === stationId))),
  );
  return holding.toSorted((a, b) => b.endsAt - a.endsAt)[0] ?? null;
}
