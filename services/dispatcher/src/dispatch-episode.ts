import type { Episode, EpisodeEvent, Ticket } from "@hotgrid/contracts";
import type { Division } from "@hotgrid/grid";
import {
  type Change,
  DEVICE_KINDS,
  describeTicket,
  inhibits,
  noteInterference,
  noteRecovered,
  noteRelapsed,
  openTicket,
  placeOf,
  recur,
  ticketIds,
  updateFromEpisode,
} from "@hotgrid/tickets";
import { assignEpisode, episodesOfTicket, saveEpisode, ticketsOfEpisode } from "./adapters/episode-projection.ts";
import { firingChildren, firingNotices, inhibit, isListed } from "./adapters/inhibited-episodes.ts";
import {
  closedTicketAt,
  freeId,
  insertTicket,
  openTicketAt,
  openTicketsWith,
  updateTicket,
} from "./adapters/ticket-ledger.ts";
import type { City, Trx } from "./ports.ts";
import { firstReceiver, lineageOf } from "./route-ticket.ts";

const MINUTE_MS = 60_000;

/** A person has to appoint somebody; until then the episode can't be dispatched, and others can. */
export class NobodyOnDuty extends Error {
  override readonly name = "NobodyOnDuty";
}

/** What an episode's new revision does: nothing where it is not new; else it is kept, and a confirmed one of a kind
 *  that opens tickets opens one, joins the one of its place, or goes on in its own. All in the caller's transaction.
 *  Throws NobodyOnDuty where nobody is on duty up to the city: the event comes again, and ends in the dead letters, from
 *  where it can be replayed once somebody has been appointed. */
export async function dispatchEpisode(trx: Trx, event: EpisodeEvent, city: City, now: number): Promise<void> {
  if (!(await saveEpisode(trx, event))) return;
  const { episode } = event;
  if (episode.kind === "regional" && episode.status === "resolved") await release(trx, episode.id, city, now);
  if (episode.confirmedAt === null || city.policy.kinds[episode.kind].opens === "notice") return;
  await handOverAt(trx, episode, city, now);
  if (episode.kind === "interference") await noteAtTickets(trx, episode, city, now);
}

/** What a notice covered and what goes on after it gets its ticket now, or its place under the next notice. */
async function release(trx: Trx, noticeId: string, city: City, now: number): Promise<void> {
  for (const child of await firingChildren(trx, noticeId)) await handOverAt(trx, child, city, now);
}

async function handOverAt(trx: Trx, episode: Episode, city: City, now: number): Promise<void> {
  const lineage = lineageOf(city.grid, episode);
  const place = lineage.at(-1)?.code ?? city.grid.city;
  await handOver(trx, { ...episode, division: place }, lineage, city, now);
}

/** Every ticket that goes by the station is told that it may be seeing what it is meant to see. */
async function noteAtTickets(trx: Trx, { id, stationIds, status }: Episode, city: City, now: number): Promise<void> {
  if (status === "resolved") return;
  for (const stationId of stationIds) {
    for (const ticket of await openTicketsWith(trx, stationId)) {
      await keep(trx, ticket, noteInterference(ticket, id, city.policy, now));
    }
  }
}

async function handOver(
  trx: Trx,
  episode: Episode,
  lineage: readonly Division[],
  city: City,
  now: number,
): Promise<void> {
  const tickets = await ticketsOfEpisode(trx, episode.id);
  const place = placeOf(episode);
  const texts = describeTicket(episode, placeName(episode, lineage));
  const grow = async (ticket: Ticket, joins: boolean) => {
    const grown = await keep(trx, ticket, updateFromEpisode(ticket, episode, texts, joins, city.policy, now));
    await settleRecovery(trx, grown, city, now);
  };
  const going = tickets.filter(({ state }) => state !== "closed");
  for (const ticket of going) await grow(ticket, false);
  if (going.length > 0) return;

  const own = tickets.find(({ falseAlarm }) => !falseAlarm);
  if (tickets.length > 0 && (episode.status === "resolved" || own === undefined)) return;
  const open = await openTicketAt(trx, place);
  if (open !== undefined) {
    await assignEpisode(trx, episode.id, open.id);
    return grow(open, true);
  }
  if (own === undefined && (await isInhibited(trx, episode, city, now))) return;
  const target = await firstReceiver(trx, city, episode, now);
  if (target === null) throw new NobodyOnDuty(`nobody is on duty for ${lineage.map(({ name }) => name).join("")}`);
  const since = now - city.policy.reopenWithinMinutes * MINUTE_MS;
  const closed = own ?? (await closedTicketAt(trx, place, since));
  if (closed !== undefined) {
    await assignEpisode(trx, episode.id, closed.id);
    const again = await keep(trx, closed, recur(closed, episode, texts, target, city.policy, now));
    return settleRecovery(trx, again, city, now);
  }
  const id = await freeId(trx, ticketIds(episode, city.utcOffset));
  const opened = openTicket({ id, episode, title: texts.title, target }, city.policy, now);
  await insertTicket(trx, opened, place);
  await assignEpisode(trx, episode.id, id);
  return settleRecovery(trx, opened.ticket, city, now);
}

/** A notice that covers it stands for it: it is listed there and opens no ticket. One that is over opens none either:
 *  nobody was paged, and nobody has to be now. */
async function isInhibited(trx: Trx, episode: Episode, city: City, now: number): Promise<boolean> {
  const notice = (await firingNotices(trx)).find((regional) => inhibits(regional, episode, city.policy));
  if (notice === undefined) return episode.status === "resolved" && (await isListed(trx, episode.id));
  await inhibit(trx, episode.id, notice.id, now);
  return true;
}

/** A ticket has recovered when none of its episodes is firing, since the last of them ended. */
export async function settleRecovery(trx: Trx, ticket: Ticket, city: City, now: number): Promise<void> {
  const episodes = await episodesOfTicket(trx, ticket.id);
  const firing = episodes.find((episode) => episode.status === "firing");
  const last = episodes.toSorted((a, b) => endOf(a, now) - endOf(b, now)).at(-1);
  if (last === undefined) return;
  const change =
    firing === undefined
      ? noteRecovered(ticket, { cleanSince: endOf(last, now), reason: last.reason }, city.policy, now)
      : noteRelapsed(ticket, { episodeId: firing.id, reason: firing.reason }, city.policy, now);
  await keep(trx, ticket, change);
}

const endOf = (episode: Episode, now: number): number => episode.endedAt ?? now;

async function keep(trx: Trx, before: Ticket, change: Change | null): Promise<Ticket> {
  if (change === null) return before;
  await updateTicket(trx, before, change);
  return change.ticket;
}

/** Town and village, with the station where it is about a device. */
export function placeName(episode: Episode, lineage: readonly Division[]): string {
  const division = lineage
    .slice(-2)
    .map(({ name }) => name)
    .join("");
  return DEVICE_KINDS.includes(episode.kind) ? [division, ...episode.stationIds.slice(0, 1)].join(" ") : division;
}
