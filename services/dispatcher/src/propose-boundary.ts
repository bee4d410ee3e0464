import type { Account, Ticket } from "@hotgrid/contracts";
import { BoundaryProposalStore } from "@hotgrid/store";
import type { Command } from "@hotgrid/tickets";
import type { City, Trx } from "./ports.ts";

/** A ticket that was returned as not of somebody's area says something about the boundaries. */
export async function proposeBoundary(
  trx: Trx,
  returned: Ticket,
  { id, revision }: Ticket,
  { reason, belongsTo, note }: Extract<Command, { action: "return" }>["body"],
  account: Account,
  { grid }: City,
  at: number,
): Promise<void> {
  if (reason === undefined && belongsTo === undefined) return;
  const { lon, lat, officerDivision: division } = returned;
  const proposal = { division, belongsTo: belongsTo ?? null, lon, lat, cell: grid.cells.idsAt(lon, lat)[0], note };
  const by = { id: `${id}#${revision}`, ticketId: id, at, accountId: account.id };
  await new BoundaryProposalStore(trx).put({ ...by, ...proposal });
}
