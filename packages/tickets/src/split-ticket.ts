import type { Obligation, ObligationKind, Ticket } from "@hotgrid/contracts";
import { dueAt, startClock } from "./clocks.ts";
import { type Actor, type Change, held, type Target } from "./take-step.ts";
import type { TicketPolicy } from "./ticket-policy.ts";
import { RUNNING } from "./transitions.ts";

/** What is taken out of a ticket to become one of its own. */
export interface Part
  extends Pick<
    Ticket,
    "id" | "title" | "episodeId" | "stationIds" | "cellIds" | "observedProperties" | "division" | "lon" | "lat"
  > {
  readonly target: Target;
  /** Of the ticket that goes on: its cells without those of the part, and the episode that it goes by. */
  readonly rest: Pick<Ticket, "cellIds" | "episodeId">;
}

/** What a ticket is left with once a part is its own. */
export function withoutPart(ticket: Ticket, { stationIds, rest }: Part): Partial<Ticket> {
  return {
    ...rest,
    stationIds: ticket.stationIds.filter((id) => !stationIds.includes(id)),
    splitOff: [...new Set([...(ticket.splitOff ?? []), ...stationIds])],
  };
}

/** The ticket of a part, out of the one that goes on without it (withoutPart), with the first line of its history. Who gets it has the full time to respond; for the work the
 *  sooner holds of a new ticket's time and of what was left of the old one's: splitting wins nobody time. */
export function openPart(
  from: Ticket,
  part: Part,
  actor: Actor,
  note: string,
  policy: TicketPolicy,
  now: number,
): Change {
  const { target, rest: _rest, ...what } = part;
  const { kind, severity, explanation } = from;
  const unclocked: Ticket = {
    ...what,
    ...{ kind, severity, explanation, revision: 1, state: "dispatched", splitFrom: from.id, splitOff: from.stationIds },
    ...(from.reading !== undefined && { reading: from.reading }),
    ...held(target),
    ...{ escalationLevel: 0, supervised: from.supervised, openedAt: now, updatedAt: now, closedAt: null },
    ...{ recoveredAt: null, feedbackAt: null, recovery: null, obligations: [] },
  };
  const clock = (clockKind: ObligationKind): Obligation => {
    const fresh = dueAt(clockKind, unclocked, policy, now);
    const left = clockKind === "respond" ? fresh : (dueInOf(from, clockKind) ?? fresh);
    return startClock(clockKind, unclocked, policy, now, Math.min(fresh, left));
  };
  const stations = part.stationIds.join(" ");
  const details = { from: from.id, stationIds: stations, officerId: target.officerId, policy: policy.version };
  return {
    ticket: { ...unclocked, obligations: RUNNING.dispatched.map(clock) },
    entry: {
      ...{ revision: 1, at: now, action: "split", by: actor.id, byName: actor.name, from: null, to: "dispatched" },
      ...{ note, details },
    },
  };
}

const dueInOf = ({ obligations }: Ticket, kind: ObligationKind): number | undefined =>
  obligations.find((clock) => clock.state === "running" && clock.kind === kind)?.dueAt;

/** Whether it is, or has given, a part of a ticket: then an episode that spans both decides neither's place. */
export const isSplit = ({ splitFrom, splitOff = [] }: Ticket): boolean =>
  splitFrom !== undefined || splitOff.length > 0;
