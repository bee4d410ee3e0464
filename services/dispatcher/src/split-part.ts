import type { Episode, Ticket } from "@hotgrid/contracts";
import { type Command, describeTicket, openPart, type Part, placeOf, ticketIds } from "@hotgrid/tickets";
import { episodesOfTicket, linkEpisode, unlinkEpisode } from "./adapters/episode-projection.ts";
import { stationPlaces } from "./adapters/station-places.ts";
import { freeId, insertTicket, openTicketAt } from "./adapters/ticket-ledger.ts";
import { placeName, settleRecovery } from "./dispatch-episode.ts";
import type { City, Trx } from "./ports.ts";
import { firstReceiver, lineageOf } from "./route-ticket.ts";

type Split = Extract<Command, { action: "split" }>;

/** What a split needs to know: where the stations lie that are taken out, what is left, who is on duty there. A station
 *  that is not the ticket's, or none left, is for decide() to refuse.
 *  @returns twin: the id of another ticket that is open at the part's place */
export async function lookUpPart(
  trx: Trx,
  ticket: Ticket,
  stationIds: readonly string[],
  city: City,
  now: number,
): Promise<Pick<Split, "part" | "twin">> {
  const { grid } = city;
  const taken = ticket.stationIds.filter((id) => stationIds.includes(id));
  const episodes = await episodesOfTicket(trx, ticket.id);
  const [theirs, left] = [episodes.filter(concerns(taken)), episodes.filter(concerns(without(ticket, taken)))];
  const episode = mainOf(theirs, ticket.episodeId);
  if (episode === undefined) return { part: null };

  const cells = await cellsOf(trx, city, ticket, taken);
  const where = { ...(cells.centre ?? ticket), division: villageOf(city, ticket, cells.centre) };
  const lineage = lineageOf(grid, where);
  const target = await firstReceiver(trx, city, { ...ticket, ...where }, now);
  if (target === null) return { part: null };
  const { title } = describeTicket(episode, placeName({ ...episode, stationIds: taken }, lineage));
  const open = await openTicketAt(trx, placeOf({ kind: ticket.kind, division: where.division, stationIds: taken }));
  const id = await freeId(trx, ticketIds({ id: `${ticket.id}#${ticket.revision}`, startedAt: now }, city.utcOffset));
  const { lon, lat, division } = where;
  return {
    ...(open !== undefined && open.id !== ticket.id && { twin: open.id }),
    part: {
      ...{ id, title, episodeId: episode.id, stationIds: taken, cellIds: cells.taken, division, lon, lat, target },
      observedProperties: [...new Set(theirs.flatMap((one) => one.observedProperties))],
      rest: { cellIds: cells.left, episodeId: mainOf(left, ticket.episodeId)?.id ?? ticket.episodeId },
    },
  };
}

/** Writes the part's ticket. Episodes of its stations alone go with it; one that spans both is dealt with by both, and
 *  each has recovered when it is over. */
export async function keepPart(
  trx: Trx,
  rest: Ticket,
  part: Part,
  actor: { readonly id: string; readonly name: string; readonly address: string | null },
  note: string,
  city: City,
  now: number,
): Promise<void> {
  const opened = openPart(rest, part, actor, note, city.policy, now);
  const place = placeOf(opened.ticket);
  await insertTicket(trx, opened, place, {
    claims: (await openTicketAt(trx, place)) === undefined,
    address: actor.address,
  });
  for (const episode of await episodesOfTicket(trx, rest.id)) {
    if (!concerns(part.stationIds)(episode)) continue;
    await linkEpisode(trx, episode.id, part.id);
    if (!concerns(rest.stationIds)(episode) && episode.id !== rest.episodeId)
      await unlinkEpisode(trx, episode.id, rest.id);
  }
  await settleRecovery(trx, opened.ticket, city, now);
  await settleRecovery(trx, rest, city, now);
}

const without = ({ stationIds }: Ticket, taken: readonly string[]): string[] =>
  stationIds.filter((id) => !taken.includes(id));

const concerns =
  (stationIds: readonly string[]) =>
  (episode: Episode): boolean =>
    episode.stationIds.some((id) => stationIds.includes(id));

/** The episode that a ticket goes by: its own where that is among them, else the latest. */
const mainOf = (episodes: readonly Episode[], own: string): Episode | undefined =>
  episodes.find(({ id }) => id === own) ?? episodes.at(-1);

interface Cells {
  readonly taken: string[];
  readonly left: string[];
  /** Mean of the stations' positions, WGS-84; null where none is known. */
  readonly centre: { readonly lon: number; readonly lat: number } | null;
}

/** Cells that the taken stations lie in are the part's; the ticket keeps them only where one of its own lies there too. */
async function cellsOf(trx: Trx, { grid }: City, ticket: Ticket, taken: readonly string[]): Promise<Cells> {
  const places = await stationPlaces(trx, ticket.stationIds);
  const cellsAt = (ids: readonly string[]) =>
    new Set(ids.flatMap((id) => places.get(id) ?? []).flatMap(({ lon, lat }) => grid.cells.idsAt(lon, lat)));
  const [theirs, own] = [cellsAt(taken), cellsAt(without(ticket, taken))];
  const known = taken.flatMap((id) => places.get(id) ?? []);
  const mean = (of: (place: { lon: number; lat: number }) => number) =>
    known.reduce((sum, place) => sum + of(place), 0) / known.length;
  return {
    taken: [...theirs],
    left: ticket.cellIds.filter((id) => own.has(id) || !theirs.has(id)),
    centre: known.length === 0 ? null : { lon: mean(({ lon }) => lon), lat: mean(({ lat }) => lat) },
  };
}

const villageOf = ({ grid }: City, ticket: Ticket, centre: Cells["centre"]): string =>
  (centre && grid.locate(centre.lon, centre.lat)?.village) ?? ticket.division;
