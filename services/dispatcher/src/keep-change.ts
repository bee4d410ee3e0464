import type { Ticket } from "@hotgrid/contracts";
import { drawOf, isDrawn, localMonth } from "@hotgrid/store";
import { type Change, noteChosen } from "@hotgrid/tickets";
import { updateTicket } from "./adapters/ticket-ledger.ts";
import type { City, Trx } from "./ports.ts";

/** Writes a change; a ticket that it closes may come on the inspectors' list, in the same transaction.
 *  @param address from which a person asked for it
 *  @returns the ticket as it is then */
export async function keepChange(
  trx: Trx,
  before: Ticket,
  change: Change,
  city: City,
  now: number,
  address: string | null = null,
): Promise<Ticket> {
  await updateTicket(trx, before, change, address);
  const { ticket } = change;
  const closes = ticket.state === "closed" && before.state !== "closed" && ticket.mergedInto === undefined;
  if (!closes) return ticket;
  const chosen = await choose(trx, ticket, city, now);
  if (chosen === null) return ticket;
  const listed = noteChosen(ticket, chosen, city.policy, now);
  await updateTicket(trx, ticket, listed);
  return listed.ticket;
}

/** By the draw of the month, or because its last inspection was not passed; null: not at all. */
async function choose(
  trx: Trx,
  { id, kind, inspection }: Ticket,
  { policy, utcOffset }: City,
  now: number,
): Promise<Parameters<typeof noteChosen>[1] | null> {
  const period = localMonth(now, utcOffset);
  if (inspection?.state === "failed") return { reason: "failed-before", period };
  const draw = await drawOf(trx, period, policy.inspection, now);
  return draw.kinds.includes(kind) && isDrawn(draw, id) ? { reason: "sampled", period } : null;
}
