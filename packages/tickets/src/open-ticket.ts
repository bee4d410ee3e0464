import type { Episode, ObligationKind, Ticket } from "@hotgrid/contracts";
import { startClock } from "./clocks.ts";
import { readingOf } from "./reading-of.ts";
import { type Change, held, SYSTEM_ACTOR, type Target } from "./take-step.ts";
import type { TicketPolicy } from "./ticket-policy.ts";
import { RUNNING } from "./transitions.ts";

export interface Opening {
  readonly id: string;
  readonly episode: Episode;
  readonly title: Ticket["title"];
  readonly target: Target;
}

/** A new ticket for an episode, with the first line of its history. */
export function openTicket(opening: Opening, policy: TicketPolicy, now: number): Change {
  const { episode, target } = opening;
  const unclocked: Ticket = {
    id: opening.id,
    revision: 1,
    kind: episode.kind,
    severity: episode.severity,
    state: "dispatched",
    episodeId: episode.id,
    ...readingOf(episode),
    title: opening.title,
    explanation: episode.explanation,
    observedProperties: episode.observedProperties,
    stationIds: episode.stationIds,
    cellIds: episode.cellIds,
    division: episode.division,
    lon: episode.lon,
    lat: episode.lat,
    ...held(target),
    escalationLevel: 0,
    supervised: false,
    openedAt: now,
    updatedAt: now,
    closedAt: null,
    recoveredAt: null,
    feedbackAt: null,
    recovery: null,
    obligations: [],
  };
  const running = (kind: ObligationKind) => startClock(kind, unclocked, policy, now);
  return {
    ticket: { ...unclocked, obligations: RUNNING.dispatched.map(running) },
    entry: {
      revision: 1,
      at: now,
      action: "open",
      by: SYSTEM_ACTOR.id,
      byName: SYSTEM_ACTOR.name,
      from: null,
      to: "dispatched",
      note: target.reason,
      details: { episodeId: episode.id, ...readingOf(episode), officerId: target.officerId, policy: policy.version },
    },
  };
}
