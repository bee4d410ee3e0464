import { type Episode, type Recovery, SEVERITIES, type Severity, type Ticket } from "@hotgrid/contracts";
import { tightened } from "./clocks.ts";
import { DEVICE_KINDS } from "./device-kinds.ts";
import { readingOf } from "./reading-of.ts";
import { isSplit } from "./split-ticket.ts";
import { type Actor, type Change, SYSTEM_ACTOR, type Target, takeStep } from "./take-step.ts";
import type { TicketPolicy } from "./ticket-policy.ts";

/** The sensors are clean since `cleanSince` (epoch ms, event time). null: the ticket knows or is closed. */
export function noteRecovered(
  ticket: Ticket,
  seen: { cleanSince: number; reason: string },
  policy: TicketPolicy,
  now: number,
): Change | null {
  if (ticket.state === "closed" || ticket.recoveredAt !== null) return null;
  const recovery = recoveryOf(ticket, seen.cleanSince);
  const set = { recoveredAt: seen.cleanSince, recovery } as const;
  return takeStep(ticket, { ...bySystem("recovered", seen.reason), set, details: { recovery } }, policy, now);
}

function recoveryOf(ticket: Ticket, cleanSince: number): Recovery {
  if (ticket.interferenceEpisodeId) return "interference-suspected";
  return handledBefore(ticket, cleanSince) ? "handled-and-recovered" : "recovered-before-handling";
}

/** One of its stations seems to be sprayed: what it says of clean air is not enough to close the ticket, and the level
 *  above is told. null: the ticket knows, is closed, or is about devices itself. */
export function noteInterference(ticket: Ticket, episodeId: string, policy: TicketPolicy, now: number): Change | null {
  const known = ticket.state === "closed" || DEVICE_KINDS.includes(ticket.kind) || ticket.interferenceEpisodeId;
  if (known) return null;
  const recovery = ticket.recoveredAt === null ? ticket.recovery : "interference-suspected";
  const set = { interferenceEpisodeId: episodeId, supervised: true, recovery } as const;
  const input = { ...bySystem("interference-suspected", "interference-at-a-station"), set, details: { episodeId } };
  return takeStep(ticket, input, policy, now);
}

/** Whether somebody was at work on it when the air became clean: the weather gets no credit for work, nor the other
 *  way round. */
function handledBefore(ticket: Ticket, cleanSince: number): boolean {
  const handling = ticket.obligations.findLast((clock) => clock.kind === "handle");
  return handling?.state === "met" && handling.settledAt !== null && handling.settledAt < cleanSince;
}

/** The excess is back. null: it never was away, or the ticket is closed (see recur). */
export function noteRelapsed(
  ticket: Ticket,
  seen: { episodeId: string; reason: string },
  policy: TicketPolicy,
  now: number,
): Change | null {
  if (ticket.state === "closed" || ticket.recoveredAt === null) return null;
  const set = { recoveredAt: null, recovery: null };
  const details = { episodeId: seen.episodeId };
  return takeStep(ticket, { ...bySystem("relapsed", seen.reason), set, details }, policy, now);
}

/** Takes over what has grown: severity, stations, properties; and where the source is, when its estimate is sharper than
 *  the one that the ticket was opened with. Numbers alone make no revision: the episode shows them.
 *  null: nothing new.
 *  @param joins the ticket did not deal with this episode before */
export function updateFromEpisode(
  ticket: Ticket,
  episode: Episode,
  texts: Pick<Ticket, "title" | "explanation">,
  joins: boolean,
  policy: TicketPolicy,
  now: number,
): Change | null {
  if (ticket.state === "closed") return null;
  const grown = {
    severity: worse(ticket.severity, episode.severity),
    stationIds: union(ticket.stationIds, notAnothers(ticket, episode.stationIds)),
    observedProperties: union(ticket.observedProperties, episode.observedProperties),
  };
  const own = episode.id === ticket.episodeId && !isSplit(ticket);
  const moved = own && episode.source !== null && (episode.lon !== ticket.lon || episode.lat !== ticket.lat);
  const reasons = [
    ...(grown.severity === ticket.severity ? [] : ["severity-rose"]),
    ...(grown.stationIds.length === ticket.stationIds.length ? [] : ["more-stations"]),
    ...(grown.observedProperties.length === ticket.observedProperties.length ? [] : ["more-properties"]),
    ...(moved ? ["place-revised"] : []),
  ];
  if (reasons.length === 0 && !joins) return null;
  const set = {
    ...grown,
    cellIds: union(ticket.cellIds, episode.cellIds),
    ...(own && { ...texts, lon: episode.lon, lat: episode.lat }),
  };
  const note = [...(joins ? ["episode-joined"] : []), ...reasons].join(", ");
  const details = { episodeId: episode.id, severity: grown.severity };
  const change = takeStep(ticket, { ...bySystem("episode-updated", note), set, details }, policy, now);
  return { ...change, ticket: { ...change.ticket, obligations: tightened(change.ticket, policy, now) } };
}

/** Without the stations that are another ticket's since a split. */
const notAnothers = ({ splitOff = [] }: Ticket, stationIds: readonly string[]): readonly string[] =>
  stationIds.filter((id) => !splitOff.includes(id));

/** The same place again, soon after the ticket was closed: the ticket goes on with the new episode (反弹). */
export function recur(
  ticket: Ticket,
  episode: Episode,
  texts: Pick<Ticket, "title" | "explanation">,
  target: Target,
  policy: TicketPolicy,
  now: number,
): Change {
  const { severity, observedProperties, stationIds, cellIds, lon, lat } = episode;
  const set = {
    ...texts,
    ...{ severity, observedProperties, stationIds, cellIds, lon, lat },
    episodeId: episode.id,
    ...readingOf(episode),
    ...ANEW,
    splitOff: [],
    recoveredAt: null,
    recovery: null,
  };
  const details = { episodeId: episode.id, ...readingOf(episode), previousEpisodeId: ticket.episodeId };
  const again = { step: "recurred", action: "reopen", actor: SYSTEM_ACTOR, note: "recurrence", set, details } as const;
  return takeStep(ticket, { ...again, target }, policy, now);
}

/** What a reopened ticket starts with. */
export const ANEW = {
  escalationLevel: 0,
  supervised: false,
  falseAlarm: null,
  interferenceEpisodeId: null,
  inspection: null,
} as const;

/** What a ticket gets of one that is merged into it. */
export function absorb(into: Ticket, merged: Ticket, actor: Actor, policy: TicketPolicy, now: number): Change {
  const set = {
    severity: worse(into.severity, merged.severity),
    stationIds: union(into.stationIds, merged.stationIds),
    observedProperties: union(into.observedProperties, merged.observedProperties),
    cellIds: union(into.cellIds, merged.cellIds),
    ...(into.splitOff && { splitOff: into.splitOff.filter((id) => !merged.stationIds.includes(id)) }),
  };
  const input = {
    step: "absorbed",
    action: "merge",
    actor,
    note: "absorbed",
    set,
    details: { from: merged.id },
  } as const;
  const change = takeStep(into, input, policy, now);
  return { ...change, ticket: { ...change.ticket, obligations: tightened(change.ticket, policy, now) } };
}

function bySystem<S extends "recovered" | "relapsed" | "episode-updated" | "interference-suspected">(
  step: S,
  note: string,
) {
  return { step, action: step, actor: SYSTEM_ACTOR, note } as const;
}

const worse = (a: Severity, b: Severity): Severity => (SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b) ? a : b);

const union = <T>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])];
