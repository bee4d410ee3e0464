import type { TicketView } from "@hotgrid/contracts";
import { byUrgency } from "../tickets/by-urgency.ts";
import type { TicketChange } from "../tickets/ticket-change.ts";

/** Closed tickets kept on the phone. Ours. */
const CLOSED_LIMIT = 20;

export interface MyTickets {
  readonly tickets: readonly TicketView[];
  /** The last one that came into these hands while the page was open, to be announced. */
  readonly arrived: TicketView | null;
}

export const noTickets: MyTickets = { tickets: [], arrived: null };

/** Held by me or once shown here: a ticket transferred away stays until the list is loaded anew, so that the page that
 *  shows it can say who has it now. */
export function withChange(state: MyTickets, { ticket }: TicketChange, officerId: string): MyTickets {
  const known = state.tickets.find((other) => other.id === ticket.id);
  if (known === undefined && ticket.officerId !== officerId) return state;
  if (known !== undefined && known.revision >= ticket.revision) return state;
  const came = ticket.officerId === officerId && known?.officerId !== officerId && ticket.state !== "closed";
  const others = state.tickets.filter((other) => other.id !== ticket.id);
  return { tickets: bounded([...others, ticket]), arrived: came ? ticket : state.arrived };
}

/** The list of the server, except where the stream has been faster. */
export function withList(state: MyTickets, list: readonly TicketView[]): MyTickets {
  const newer = new Map(state.tickets.map((ticket) => [ticket.id, ticket]));
  const tickets = list.map((ticket) => {
    const known = newer.get(ticket.id);
    return known !== undefined && known.revision > ticket.revision ? known : ticket;
  });
  return { tickets: bounded(tickets), arrived: state.arrived };
}

function bounded(tickets: TicketView[]): TicketView[] {
  let closed = 0;
  return tickets.sort(byUrgency).filter((ticket) => ticket.state !== "closed" || ++closed <= CLOSED_LIMIT);
}
