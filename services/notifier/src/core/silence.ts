import { coversDivision } from "@hotgrid/contracts";
import type { Silence } from "@hotgrid/store";
import type { Subject } from "./news.ts";

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
