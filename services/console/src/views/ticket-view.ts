import type { Officer, Ticket, TicketHistoryEntry, TicketView } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import { type IsoWriter, nullable } from "../core/iso-time.ts";
import { divisionNames } from "./division-names.ts";

/** A ticket as everybody sees it who may; the actions depend on who looks. */
export type TicketFacts = Omit<TicketView, "actions">;

/** @param officer who holds it; undefined where that person is no longer known. */
export function ticketFacts(ticket: Ticket, officer: Officer | undefined, grid: Grid, iso: IsoWriter): TicketFacts {
  const isoOrNull = nullable(iso);
  const { inspection, ...plain } = ticket;
  return {
    ...plain,
    openedAt: iso(ticket.openedAt),
    updatedAt: iso(ticket.updatedAt),
    closedAt: isoOrNull(ticket.closedAt),
    recoveredAt: isoOrNull(ticket.recoveredAt),
    feedbackAt: isoOrNull(ticket.feedbackAt),
    ...(inspection && {
      inspection: { ...inspection, chosenAt: iso(inspection.chosenAt), at: isoOrNull(inspection.at) },
    }),
    obligations: ticket.obligations.map(({ reminders: _inside, ...obligation }) => ({
      ...obligation,
      dueAt: iso(obligation.dueAt),
      settledAt: isoOrNull(obligation.settledAt),
    })),
    divisionNames: divisionNames(grid, ticket.division),
    officerName: officer?.name ?? ticket.officerId,
    officerPhone: officer?.phone ?? "",
  };
}

export const historyView = (entry: TicketHistoryEntry, iso: IsoWriter) => ({ ...entry, at: iso(entry.at) });
