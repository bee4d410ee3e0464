import type { Account, Episode, Station, Ticket } from "@hotgrid/contracts";
import type { StationDirectory, TicketStore } from "@hotgrid/store";
import { canSee } from "@hotgrid/tickets";
import { seesDivision } from "../core/visibility.ts";

/** Open tickets of one officer that are looked at. Ours: nobody works on more at once. */
const HELD_AT_MOST = 500;

/** Who may see what: the own division with all below it, the tickets that one holds, and what belongs to those (their
 *  stations and episodes), wherever it is. */
export class VisibleWorld {
  readonly #stations: StationDirectory;
  readonly #tickets: TicketStore;

  constructor(stations: StationDirectory, tickets: TicketStore) {
    this.#stations = stations;
    this.#tickets = tickets;
  }

  /** Tells which stations an account may see now. */
  async stations(account: Account): Promise<(station: Station) => boolean> {
    const held = new Set((await this.#held(account)).flatMap((ticket) => ticket.stationIds));
    return (station) => seesDivision(account, station.division) || held.has(station.id);
  }

  /** undefined where there is none or the account may not see it. */
  async station(account: Account, id: string): Promise<Station | undefined> {
    const station = this.#stations.find(id)?.station;
    if (!station || seesDivision(account, station.division)) return station;
    return (await this.stations(account))(station) ? station : undefined;
  }

  async ticket(account: Account, id: string): Promise<Ticket | undefined> {
    const ticket = await this.#tickets.getTicket(id);
    return ticket && canSee(account, ticket) ? ticket : undefined;
  }

  /** @param ticketIds of the episode, all of them. */
  async seesEpisode(account: Account, episode: Episode, ticketIds: readonly string[]): Promise<boolean> {
    if (seesDivision(account, episode.division)) return true;
    if (account.officerId === null) return false;
    const tickets = await Promise.all(ticketIds.map((id) => this.ticket(account, id)));
    return tickets.some((ticket) => ticket !== undefined);
  }

  async #held(account: Account): Promise<readonly Ticket[]> {
    if (account.officerId === null) return [];
    const query = { officerId: account.officerId, status: "open", limit: HELD_AT_MOST } as const;
    return (await this.#tickets.listTickets(query)).items;
  }
}
