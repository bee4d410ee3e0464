import type { TicketDetail, TicketHistoryEntry, TicketView } from "@hotgrid/contracts";

/** Data of the stream's event "ticket". */
export interface TicketChange {
  readonly ticket: TicketView;
  readonly entry: Omit<TicketHistoryEntry, "at"> & { readonly at: string };
}

/** The same detail where the change is another ticket's or already known: the stream and the list may overlap. */
export function withChange(detail: TicketDetail, { ticket, entry }: TicketChange): TicketDetail {
  if (ticket.id !== detail.ticket.id) return detail;
  const history = detail.history.some(({ revision }) => revision === entry.revision)
    ? detail.history
    : [...detail.history, entry].sort((a, b) => a.revision - b.revision);
  return { ...detail, history, ticket: ticket.revision >= detail.ticket.revision ? ticket : detail.ticket };
}
