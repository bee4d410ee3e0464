import type { TicketView } from "@hotgrid/contracts";
import { byUrgency } from "../tickets/by-urgency.ts";
import type { TicketChange } from "../tickets/ticket-change.ts";

/** Closed tickets kept on the phone. Ours. */
const CLOSED_LIMIT = 20;

export interface MyTickets {
  readonly tickets: readonly TicketView[];
  /** The last one that came into these hands while the page was open, to be announced. */
  readonly arrived: TicketView | null;
  /** Whether a list has been here: what the first one holds is no news, what a later one adds is. */
  readonly listed: boolean;
}

export const noTickets: MyTickets = { tickets: [], arrived: null, listed: false };

/** Held by me or once shown here: a ticket transferred away stays until the list is loaded anew, so that the page that
 *  shows it can say who has it now. */
export function withChange(state: MyTickets, { ticket }: TicketChange, officerId: string): MyTickets {
  const known = state.tickets.find((other) => other.id === ticket.id);
  if (known === undefined && ticket.officerId !== officerId) return state;
  if (known !== undefined && known.revision >= ticket.revision) return state;
  const others = state.tickets.filter((other) => other.id !== ticket.id);
  const arrived = cameTo(officerId, known, ticket) ? ticket : state.arrived;
  return { ...state, tickets: bounded([...others, ticket]), arrived };
}

/** The list of the server, except where the stream has been faster: a list may have been on its way since before a
 *  ticket was opened.
 *  @param heard what the stream brought since the list was asked for */
export function withList(
  state: MyTickets,
  list: readonly TicketView[],
  officerId: string,
  heard: readonly TicketChange[],
): MyTickets {
  const known = new Map(state.tickets.map((ticket) => [ticket.id, ticket]));
  const tickets = list.map((ticket) => newer(known.get(ticket.id), ticket));
  // While the stream was away nothing was announced.
  const missed = state.listed ? tickets.filter((ticket) => cameTo(officerId, known.get(ticket.id), ticket)) : [];
  const [latest] = missed.sort((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
  const listed: MyTickets = { tickets: bounded(tickets), arrived: latest ?? state.arrived, listed: true };
  return heard.reduce((before, change) => withChange(before, change, officerId), listed);
}

/** A ticket as an action answered it, before the stream brings it. */
export function withAnswer(state: MyTickets, ticket: TicketView): MyTickets {
  const known = state.tickets.find(({ id }) => id === ticket.id);
  const others = state.tickets.filter(({ id }) => id !== ticket.id);
  return { ...state, tickets: bounded([...others, newer(known, ticket)]) };
}

const newer = (known: TicketView | undefined, ticket: TicketView): TicketView =>
  known !== undefined && known.revision > ticket.revision ? known : ticket;

const cameTo = (officerId: string, before: TicketView | undefined, ticket: TicketView): boolean =>
  ticket.officerId === officerId && before?.officerId !== officerId && ticket.state !== "closed";

function bounded(tickets: TicketView[]): TicketView[] {
  let closed = 0;
  return tickets.sort(byUrgency).filter((ticket) => ticket.state !== "closed" || ++closed <= CLOSED_LIMIT);
}
