import type { TicketAction, TicketView } from "@hotgrid/contracts";
import { TICKET_ACTIONS } from "@hotgrid/contracts";

/** Steps that bring the loop forward; of these the first that is allowed is the one that the ticket waits for. */
const FORWARD: readonly string[] = ["respond", "handle", "feedback", "verify", "close", "resume", "inspect", "reopen"];
/** Closes a ticket without clean air: never where a hurried click lands. */
const GRAVE: readonly TicketAction[] = ["false-alarm"];

export interface OrderedActions {
  /** What the ticket waits for; null: nothing from this account. */
  readonly next: TicketAction | null;
  readonly others: readonly TicketAction[];
  readonly grave: readonly TicketAction[];
}

/** What an account may do, by what a hurried hand should find first. */
export function orderedActions({ actions }: Pick<TicketView, "actions">): OrderedActions {
  const next = TICKET_ACTIONS.find((action) => action === FORWARD.find((one) => actions.includes(one))) ?? null;
  const allowed = TICKET_ACTIONS.filter((action) => actions.includes(action) && action !== next);
  return {
    next,
    others: allowed.filter((action) => !GRAVE.includes(action)),
    grave: allowed.filter((action) => GRAVE.includes(action)),
  };
}
