import type { EpisodeKind, Severity, TicketView } from "@hotgrid/contracts";
import { byUrgency } from "../../tickets/by-urgency.ts";

/** In the order of the loop. */
const STATES = ["dispatched", "responded", "handling", "feedback", "verification", "suspended", "closed"] as const;

export interface BoardFilter {
  /** Six digits, or null for all. */
  readonly county: string | null;
  readonly kind: EpisodeKind | null;
  readonly severity: Severity | null;
}

export interface BoardColumn {
  readonly state: TicketView["state"];
  readonly tickets: readonly TicketView[];
  /** Beyond those in `tickets`. */
  readonly more: number;
}

/** Cards of a column. Ours: nobody reads the hundred and first. */
const COLUMN_LIMIT = 100;

/** The most urgent first. The column of the suspended is left out while it is empty. */
export function boardColumns(tickets: Iterable<TicketView>, filter: BoardFilter): BoardColumn[] {
  const shown = Array.from(tickets).filter(
    ({ division, kind, severity }) =>
      (filter.county === null || division.startsWith(filter.county)) &&
      (filter.kind === null || kind === filter.kind) &&
      (filter.severity === null || severity === filter.severity),
  );
  return STATES.map((state) => {
    const inState = shown.filter((ticket) => ticket.state === state).sort(byUrgency);
    return { state, tickets: inState.slice(0, COLUMN_LIMIT), more: Math.max(0, inState.length - COLUMN_LIMIT) };
  }).filter(({ state, tickets: cards }) => state !== "suspended" || cards.length > 0);
}
