import { type Account, coversDivision, DIVISION_LEVELS, divisionLevel, type Ticket } from "@hotgrid/contracts";
import { DEVICE_KINDS } from "./device-kinds.ts";

/** In what capacity somebody acts on a ticket. */
export type Party = "holder" | "supervisor" | "operator" | "inspector" | "administrator" | "system";

/** What an account may not see does not exist for it. Everybody sees the tickets of the own division and those that he
 *  or she holds; the maintenance vendor only those of devices; an inspector those that were chosen for inspection in the
 *  granted division, which the account has to carry as its own here. */
export function canSee(account: Account, ticket: Ticket): boolean {
  if (account.role === "inspector") return !!ticket.inspection && coversDivision(account.division, ticket.division);
  if (account.role === "maintenance" && !DEVICE_KINDS.includes(ticket.kind)) return false;
  return coversDivision(account.division, ticket.division) || holds(account, ticket);
}

/** Capacities of an account for a ticket; none for who only looks on. */
export function standing(account: Account, ticket: Ticket): readonly Party[] {
  if (account.role === "viewer" || !canSee(account, ticket)) return [];
  if (account.role === "inspector") return ["inspector"];
  const parties: Party[] = holds(account, ticket) ? ["holder"] : [];
  if (account.role === "officer" || account.role === "maintenance") return parties;
  return coversDivision(account.division, ticket.division) ? [...parties, account.role] : parties;
}

const holds = (account: Account, ticket: Ticket): boolean =>
  account.officerId !== null && account.officerId === ticket.officerId;

/** Whether an account stands at a level above the one at which the ticket is held. Nobody is above the city: there it is
 *  the city's own that decides. A vendor stands outside of the levels: above it is whoever answers for the county. */
export function isAboveHolder({ division }: Account, { kind, officerDivision }: Ticket): boolean {
  const height = (code: string) => DIVISION_LEVELS.indexOf(divisionLevel(code));
  if (DEVICE_KINDS.includes(kind)) return height(division) <= DIVISION_LEVELS.indexOf("county");
  return height(division) < Math.max(height(officerDivision), 1);
}
